from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
import zlib
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
import rpds as compiled

from bench import generate
from builder import desk, engine, schema
from builder import plain as records
from builder.engine import pack, pyodide
from builder.engine import rpds as stand_in
from builder.engine.files import Kit
from tests.conftest import jixiao
from tests.mutations import FILES, mutations
from tests.records import CENTRAL, ROOT, VALID
from tests.test_edit import EDITS, UNUSUAL, data_of
from tests.web import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

TIMES = int(os.environ.get("JIXIAO_AGREEMENT", "1"))
"""How many times the usual number of records the two builders are compared on."""

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)


def policy(path: str) -> str:
    """The strict policy of a site; only the worker may run WebAssembly."""
    return (
        CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") if "worker" in path else CSP
    )


NAME = "targets/2024/999001/示例.yml"
ASSETS = ROOT / "builder" / "theme" / "assets" / "jixiao"


@pytest.fixture(scope="module")
def kit() -> Kit:
    python = engine.find(ROOT)
    assert python, "no Pyodide: run the tests with `make test`, which fetches it"
    return Kit(python, schema.default_folder(), ROOT / "rules.yml")


@pytest.fixture(scope="module")
def folder(kit: Kit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As much of a site as the engine needs."""
    site = tmp_path_factory.mktemp("engine") / "site"
    for name, data in engine.files(kit):
        path = site / engine.FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (site / "assets" / "jixiao").mkdir(parents=True)
    for script in ("fill-engine.js", "fill-worker.js"):
        shutil.copy(ASSETS / script, site / "assets" / "jixiao")
    (site / "fill" / "index.html").write_text("<!doctype html><title>x</title><link rel=icon href=data:,>")
    return site


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder, prefix="/some/where/", policy=policy) as address:
        yield address


def opened(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """A page that may use the engine, and what its console says of trouble."""
    page = browser.new_context().new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}fill/")
    page.evaluate(
        """async () => {
          const { Engine } = await import("../assets/jixiao/fill-engine.js");
          window.engine = new Engine("../");
          window.told = async (promise) => {
            try {
              return { answer: await promise };
            } catch (error) {
              return { name: error.name, says: error.message };
            }
          };
        }"""
    )
    return page, trouble


@pytest.fixture(scope="module")
def running(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the engine started, used by several tests."""
    page, trouble = opened(browser, address)
    steps = page.evaluate(
        "async () => { const steps = []; await engine.start((step) => steps.push(step)); return steps; }"
    )
    assert steps[0]["loaded"] == 0
    assert steps[-1]["loaded"] == steps[-1]["total"] > 5_000_000
    assert len(steps) >= 6, "one for each file at least"
    yield page
    assert not trouble
    page.context.close()


def test_the_engine_answers_under_a_strict_policy_below_a_sub_path(running: Page) -> None:
    ask = "async ([text, name]) => (await engine.check(text, name)).problems"
    assert running.evaluate(ask, [VALID, NAME]) == []
    (problem,) = running.evaluate(ask, [VALID.replace("13.00", "13.10", 1), NAME])
    assert (problem["code"], problem["path"]) == ("M01", ["项目资金", "年度资金总额"])


def test_an_error_is_a_sentence_and_the_engine_goes_on(running: Page) -> None:
    told = running.evaluate("() => told(engine.preview('', 'x.yml'))")
    assert told == {"name": "Refused", "says": "还不能预览：请先写明表样，并改正语法错误。"}
    assert running.evaluate("async () => (await engine.read('a: 1')).data") == {"a": 1}


def test_a_waiting_check_is_superseded_by_a_newer_one(running: Page) -> None:
    told = running.evaluate(
        "async ([text, name]) => Promise.all([1, 2, 3].map(() => told(engine.check(text, name))))",
        [VALID, NAME],
    )
    assert [one.get("name") for one in told] == [None, "Superseded", None]


def test_a_site_without_the_engine_says_so(browser: Browser, folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(folder, site, ignore=shutil.ignore_patterns("engine"))
    with served(site, policy=policy) as address:
        page, _ = opened(browser, address)
        told = page.evaluate("() => told(engine.start())")
        assert (told["name"], "没有附带检查程序" in told["says"]) == ("Unavailable", True)
        page.context.close()


def test_a_policy_without_webassembly_is_named(browser: Browser, folder: Path) -> None:
    with served(folder, policy=lambda _: CSP) as address:
        page, _ = opened(browser, address)
        told = page.evaluate("() => told(engine.start())")
        assert (told["name"], "wasm-unsafe-eval" in told["says"]) == ("Unavailable", True)
        page.context.close()


def test_a_broken_download_is_told_and_a_new_start_works(browser: Browser, address: str) -> None:
    page, _ = opened(browser, address)
    page.route("**/python.bin", lambda route: route.abort(), times=1)
    assert page.evaluate("() => told(engine.start())") == {
        "name": "Unavailable",
        "says": "检查程序下载不了：网络断开了，请连上网再试。",
    }
    assert page.evaluate("() => told(engine.start())") == {"answer": None}
    page.context.close()


def test_a_crash_is_told_and_the_engine_can_be_started_again(browser: Browser, address: str) -> None:
    page, _ = opened(browser, address)
    page.evaluate(
        "async () => { engine.oncrash = (error) => { window.crash = error.name; }; await engine.start(); }"
    )
    page.workers[0].evaluate("() => { setTimeout(() => { throw new Error('示例'); }); }")
    page.wait_for_function("() => window.crash === 'Crashed'")
    assert page.evaluate("() => told(engine.read('a: 1'))")["name"] == "Unavailable"
    assert page.evaluate(
        "async () => { await engine.start(); return (await engine.read('a: 1')).data; }"
    ) == {"a": 1}
    page.context.close()


def _damaged(text: str, dice: random.Random) -> str:
    """A text after one to three slips of the hand."""
    marks = [
        *" :：-?#\"'[]{}|>&*!%@,，“”\\0aé😀",
        "\n",
        "\t",
        "\u3000",
        "\u200b",
        ": ",
        " #",
        "\n  ",
        "|\n",
        "---\n",
        "\\ud83d",
    ]
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(text))
        cut = dice.choice([0, 0, 0, 1, 2, 5])
        text = text[:place] + (dice.choice(marks) if not cut else "") + text[place + cut :]
    return text


def _texts() -> Iterator[tuple[str, str]]:
    """Paths and texts: sound records, typed defects, broken YAML, invented records."""
    yield from ((f"targets/2024/067001/{stem}.yml", text) for stem, text in FILES.items())
    yield from ((NAME, text) for text in (VALID, CENTRAL, UNUSUAL, "", "表样: central-2021\n", "- 1"))
    yield from ((f"targets/2024/067001/{one.stem}.yml", one.text) for one in mutations())
    invented = generate.collection(seed=1, years=(2023, 2024), departments=8, projects=60 * TIMES)
    invented_texts = [(f"targets/{path.as_posix()}", text) for path, text in invented]
    yield from invented_texts
    dice = random.Random(1)  # noqa: S311  the same texts each time
    sources = [*invented_texts, *((NAME, text) for text in (*FILES.values(), CENTRAL, UNUSUAL))]
    for _ in range(500 * TIMES):
        name, text = dice.choice(sources)
        yield name, _damaged(text, dice)


def _requests() -> Iterator[str]:
    asked: list[tuple[str, list[Any]]] = []
    texts = list(_texts())
    asked += [("check", [text, name, {}]) for name, text in texts]
    asked += [("preview", [text, name]) for name, text in texts[::7]]
    asked += [("read", [text]) for _, text in texts[::11]]
    by_folder: dict[str, dict[str, str]] = {}
    for name, text in texts[12::3]:
        by_folder.setdefault(name.rpartition("/")[0], {})[name] = text
    for files in by_folder.values():
        beside = dict(islice(files.items(), 6))
        asked += [("check", [text, name, beside]) for name, text in beside.items()]
    asked += [("write", words) for words in _edits()]
    yield from (json.dumps({"ask": ask, "with": words}, ensure_ascii=False) for ask, words in asked)


def _edits() -> Iterator[list[Any]]:

    schemas = schema.load(schema.default_folder())
    for number, text in enumerate([*FILES.values(), CENTRAL, UNUSUAL] * 12 * TIMES):
        dice = random.Random(number)  # noqa: S311  the same edits each time
        data = data_of(text)
        for _ in range(dice.choice([1, 1, 2, 5])):
            dice.choice(EDITS)(data, dice)
        yield [text if number % 4 else None, records.plain(data, records.form_schema(data, schemas))]


def test_the_browser_and_the_builder_give_the_same_bytes(running: Page, kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "schema").symlink_to(kit.forms)
    native = desk.open_desk(tmp_path)
    requests = list(_requests())
    assert len(requests) > 2000
    running.evaluate(
        """async (worker) => {
          const made = new Worker(worker, { type: "module" });
          const ready = new Promise((resolve) => { made.onmessage = ({ data }) => data.ready && resolve(); });
          made.postMessage({ start: new URL("engine/", document.baseURI).href });
          await ready;
          window.worker = made;
        }""",
        "../assets/jixiao/fill-worker.js",
    )
    for start in range(0, len(requests), 200):
        batch = requests[start : start + 200]
        answers = running.evaluate(
            """(batch) => new Promise((resolve) => {
              const answers = [];
              window.worker.onmessage = ({ data }) => {
                answers[data.id] = data.answer ?? `broken: ${data.broken ?? data.crashed}`;
                if (data.id === batch.length - 1) resolve(answers);
              };
              batch.forEach((request, id) => window.worker.postMessage({ id, request }));
            })""",
            batch,
        )
        for request, answer in zip(batch, answers, strict=True):
            assert answer == native.answer(request), request


def test_the_engine_is_no_larger_than_it_must_be(kit: Kit) -> None:
    sizes = {name: len(zlib.compress(data, 6)) for name, data in engine.files(kit)}
    assert sum(sizes.values()) < 5_800_000
    assert dict(engine.files(kit)) == dict(engine.files(kit))


def test_only_the_modules_that_answer_are_packed(kit: Kit) -> None:
    names = zipfile.ZipFile(BytesIO(pack.program(kit.forms, kit.rules))).namelist()
    assert {
        "builder/desk.py",
        "builder/edit.py",
        "builder/check.py",
        "builder/templates/parts/target_form.html",
    } < {*names}
    assert not [
        name for name in names if name.startswith(("builder/publish", "builder/exports", "builder/charts"))
    ]
    assert "rules.yml" not in names
    assert {"schema/units.json", "schema/central-2021.schema.json"} < {*names}


def test_the_licences_of_all_that_is_packed_are_told(kit: Kit) -> None:
    told = dict(engine.files(kit))["licences.txt"].decode()
    for name in ("pyodide", "PyYAML", "jsonschema", "attrs", "Jinja2"):
        assert name in told
    assert "MPL-2.0" in told
    assert told.count("-" * 20) == 7, "the text of each licence that must be handed on"


def test_another_version_of_pyodide_is_not_taken(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(kit.pyodide, tmp_path / "pyodide")
    monkeypatch.setenv(pyodide.VARIABLE, str(tmp_path / "pyodide"))
    assert engine.find(tmp_path) == tmp_path / "pyodide"
    told = tmp_path / "pyodide" / "package.json"
    told.write_text(told.read_text(encoding="utf-8").replace(pyodide.VERSION, "314.0.0"), encoding="utf-8")
    assert engine.find(tmp_path) is None


def test_a_site_is_built_without_pyodide_and_the_build_says_what_is_missing(
    workplace: Callable[..., Path],
) -> None:
    place = workplace()
    done = jixiao(place, "build", JIXIAO_PYODIDE=str(place / "nowhere"))
    assert done.returncode == 0
    assert (done.stdout + done.stderr).count("没有 Pyodide") == 1
    assert (place / "site" / "fill" / "index.html").is_file()
    assert not (place / "site" / engine.FOLDER).exists()


def test_the_stand_in_for_the_compiled_containers_acts_as_they_do() -> None:
    for kind in (compiled, stand_in):
        one = kind.HashTrieMap({"a": 1})
        more = one.insert("b", 2).update([("c", 3)], {"a": 4})
        assert dict(one) == {"a": 1}
        assert dict(more) == {"a": 4, "b": 2, "c": 3}
        assert dict(more.remove("a").discard("z")) == {"b": 2, "c": 3}
        assert kind.HashTrieMap.convert(one) is one
        assert dict(kind.HashTrieMap.convert([("k", 0)])) == {"k": 0}
        assert (len(more), "b" in more, more.get("z"), min(more.items())) == (3, True, None, ("a", 4))
        assert (one == kind.HashTrieMap(a=1), hash(one) == hash(kind.HashTrieMap(a=1))) == (True, True)
        with pytest.raises(KeyError):
            one.remove("z")
        with pytest.raises(KeyError):
            one["z"]
        few = kind.HashTrieSet([1]).insert(2).update([3], [4])
        assert sorted(few.discard(9).remove(1)) == [2, 3, 4]
        assert (bool(kind.HashTrieSet()), len(few), 4 in few) == (False, 4, True)
        with pytest.raises(KeyError):
            few.remove(9)
        listed = kind.List([2]).push_front(1)
        assert list(listed) == [1, 2]
        assert list(listed.drop_first()) == [2]
        with pytest.raises(IndexError):
            kind.List().drop_first()
