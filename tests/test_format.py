from __future__ import annotations

import json
import os
import re
import subprocess
from itertools import product
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builder import cli, yaml_text
from builder.format import format_text, layout, write_project
from builder.source import parse
from builder.yaml_faults import is_ambiguous
from tests.conftest import jixiao
from tests.records import ROOT, SCHEMAS, VALID

if TYPE_CHECKING:
    from pathlib import Path

    from builder.source import Json

FILES = sorted((ROOT / "targets").rglob("*.yml"))


def _data(text: str) -> dict[str, Json]:
    document, problems = parse(text.encode(), "x.yml")
    assert document is not None
    assert not problems, problems
    return document.data


def _exact(value: Json) -> object:
    """Data in which types, digits and the order of lists count; the order of keys does not."""
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else (type(value).__name__, str(value))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_published_files_are_laid_out_already(path: Path) -> None:
    raw = path.read_bytes()
    assert layout(raw, path.name, SCHEMAS) == (raw.decode(), ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_published_files_are_what_is_written_for_their_data(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert write_project(_data(text), SCHEMAS) == text


MESSY = """\
\ufeff# 文件说明

# 年度的说明
年度: 2024   # 预算年度
表样: 'ningxia-2024'

# 部门的说明
主管部门: '甲: "乙"'
单位: 'x'   # 不认识的键
项目名称:
    "甲乙"
项目资金: # 万元

    # 来源的说明
    其他资金: 0
    年度资金总额: 13.00


    # 财政拨款: 5
# 目标的说明
年度总体目标:
- "甲"
- '#乙'
# 第三条的说明
- |
  一
  二
绩效指标: {产出指标: {数量指标: [{指标值: '>3', # 值的说明
   三级指标: "项"}]}}
豁免:
  -
    # 一条
    理由: ~
    # 规则的说明
    规则: C02
  # 还有一条
# 文件完
"""

NEAT = """\
# 文件说明

表样: ningxia-2024
# 年度的说明
年度: 2024  # 预算年度
项目名称: 甲乙

# 部门的说明
主管部门: "甲: \\"乙\\""
单位: "x"  # 不认识的键
项目资金:  # 万元
  年度资金总额: 13.00

  # 来源的说明
  其他资金: 0

  # 财政拨款: 5
# 目标的说明
年度总体目标:
  - 甲
  - "#乙"
  # 第三条的说明
  - |
    一
    二
绩效指标:
  产出指标:
    数量指标:
      - 三级指标: 项
        指标值: ">3"  # 值的说明
豁免:
  # 一条
  # 规则的说明
  - 规则: C02
    理由: null
  # 还有一条
# 文件完
"""


def test_keys_quotes_indentation_and_empty_lines_become_the_contract_s_and_comments_keep_their_places() -> (
    None
):
    assert format_text(MESSY, SCHEMAS) == NEAT
    assert format_text(NEAT, SCHEMAS) == NEAT


def test_a_comment_level_with_the_next_key_belongs_to_it_and_one_set_in_to_the_list_before() -> None:
    text = "年度总体目标:\n- 甲\n# 指标的说明\n绩效指标: {}\n"
    assert format_text(text, SCHEMAS) == "年度总体目标:\n  - 甲\n# 指标的说明\n绩效指标: {}\n"
    text = "年度总体目标:\n- 甲\n  # - 乙\n绩效指标: {}\n"
    assert format_text(text, SCHEMAS) == "年度总体目标:\n  - 甲\n  # - 乙\n绩效指标: {}\n"


def test_windows_line_ends_a_byte_order_mark_and_a_missing_last_line_end_go() -> None:
    raw = ("\ufeff" + VALID.removesuffix("\n").replace("\n", "\r\n")).encode()
    text, _ = layout(raw, "x.yml", SCHEMAS)
    assert text == VALID.replace("项目资金: #", "项目资金:  #")


def test_a_department_file_gets_its_own_order() -> None:
    text = "联系电话: '0000-1234567'\n部门名称: 示例局\n"
    assert format_text(text, SCHEMAS) == '部门名称: 示例局\n联系电话: "0000-1234567"\n'


@pytest.mark.parametrize(
    "text",
    [
        "序号: 1\n部门代码: 067001\n年度: 2024\n",
        "年度: 2024\n年度: 2025\n",
        "表样: ningxia-2024\n年度：2024\n",
        "说明: 甲\n  乙\n",
        "甲: &a 1\n乙: *a\n",
        "项目名称: 甲 # 乙\n序号:  1\n",
    ],
)
def test_what_the_reader_finds_fault_with_is_left_alone_and_reported(text: str) -> None:
    result, problems = layout(text.encode(), "x.yml", SCHEMAS)
    assert result is None
    assert problems == parse(text.encode(), "x.yml")[1]
    assert format_text(text, SCHEMAS) == text


def test_a_spelling_that_cannot_be_laid_out_is_left_alone_and_reported() -> None:
    text = f"? {'甲' * 1100}\n: 乙\n"
    result, (problem,) = layout(text.encode(), "x.yml", SCHEMAS)
    assert (result, problem.code) == (None, "Y06")


def test_a_file_of_no_known_form_keeps_its_order() -> None:
    assert format_text("年度: 2024\n'表样': 宁夏\n序号: 1\n", SCHEMAS) == "年度: 2024\n表样: 宁夏\n序号: 1\n"


SPELLINGS = {
    "≥98%": "≥98%",
    "980 项": "980 项",
    "100%": "100%",
    "02-经常性项目": "02-经常性项目",
    "30 万/年": "30 万/年",
    "目标：甲": "目标：甲",
    "甲#乙": "甲#乙",
    "实现“一窗受理”": "实现“一窗受理”",
    "是": "是",
    "": '""',
    ">0.3 万元": '">0.3 万元"',
    "- 980 项": '"- 980 项"',
    "注意: 已批复": '"注意: 已批复"',
    "甲:": '"甲:"',
    "甲 #乙": '"甲 #乙"',
    "980": '"980"',
    "10376.01": '"10376.01"',
    "067001": '"067001"',
    "1,300": '"1,300"',
    "12:30": '"12:30"',
    "0000-1234567": '"0000-1234567"',
    "2024-12-31": '"2024-12-31"',
    "2024-12-31 前": '"2024-12-31 前"',
    "2024.01.02": '"2024.01.02"',
    "1e3": '"1e3"',
    "0x1F": '"0x1F"',
    "No": '"No"',
    "NULL": '"NULL"',
    "~": '"~"',
    "“甲”": '"“甲”"',
    " 甲": '" 甲"',
    "甲\u3000": '"甲\u3000"',
    '"甲"': '"\\"甲\\""',
    "甲\t乙": '"甲\\t乙"',
    "甲\u200b": '"甲\\u200b"',
    "\U000e0001": '"\\U000e0001"',
}


@pytest.mark.parametrize(("text", "written"), SPELLINGS.items(), ids=[repr(text) for text in SPELLINGS])
def test_text_is_quoted_only_where_a_reader_could_take_it_for_something_else(text: str, written: str) -> None:
    assert yaml_text.lines(text) == [written]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("一\n二\n", "说明: |\n  一\n  二\n"),
        ("一\n\n二", "说明: |-\n  一\n\n  二\n"),
        ("一\n二\n\n", '说明: "一\\n二\\n\\n"\n'),
        (" 一\n二", '说明: " 一\\n二"\n'),
        ("一 \n二", '说明: "一 \\n二"\n'),
        ("\n", '说明: "\\n"\n'),
    ],
)
def test_text_of_several_lines_is_a_block_unless_it_ends_oddly(text: str, written: str) -> None:
    assert write_project({"说明": text}, SCHEMAS) == written
    assert _data(written) == {"说明": text}


_WORDS = (
    *("yes", "TRUE", "On", "n", "1_000", "+1", ".5", "5.", "0o17", "0b1", "-.inf", "<<", "190:20:30"),
    *("2024-1-1T10:00:00Z", "2024-02-30 1:2:3", "1,300.5", "---", "...", "?", "null", "-0", "9" * 120),
)
"""More spellings that some reader takes for a number, a date, a truth value or a mark."""

_LETTERS = st.sampled_from(
    list("甲乙年：: -\n\"'“”[]{}#&*!|>%@`,?~=<067.eExXobnyNYtTsSfFaAlLuU+_\u3000\u00a0\u200b\t\x85\\/")
)
_texts = (
    st.text(_LETTERS, max_size=12)
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.sampled_from([*SPELLINGS, *_WORDS])
)
_numbers = st.integers(-(10**9), 10**9) | st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
)
_scalars = st.none() | st.booleans() | _numbers | _texts
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_documents = st.dictionaries(
    _texts | st.sampled_from(list(SCHEMAS.resolved["ningxia-2024"]["properties"])),
    _values,
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(_documents)
def test_whatever_is_written_reads_back_as_the_same_data_and_is_laid_out(data: dict[str, Json]) -> None:
    text = write_project(data, SCHEMAS)
    assert _exact(_data(text)) == _exact(data)
    assert layout(text.encode(), "x.yml", SCHEMAS) == (text, ())


@given(_texts)
def test_a_reader_of_yaml_1_1_reads_the_same_text(text: str) -> None:
    assert yaml.safe_load("\n".join(["甲:", *("  " + line for line in [f"- {yaml_text.key(text)}"])])) == {
        "甲": [text]
    }
    assert yaml.safe_load(write_project({"说明": text}, SCHEMAS)) == {"说明": text}


def test_readers_of_yaml_1_1_and_1_2_in_other_languages_read_every_short_text_as_it_was_meant(
    tmp_path: Path,
) -> None:
    marks, digits = "甲0:-?,[]{}#&*!|>'\"%@`\\“”~=< \u3000", "019.,:-+_eExobnyTt "
    pairs = ("".join(some) for n in (1, 2) for some in product(marks, repeat=n))
    triples = ("".join(some) for n in (1, 2, 3) for some in product(digits, repeat=n))
    texts = [*dict.fromkeys([*SPELLINGS, *_WORDS, *pairs, *triples])]
    data: dict[str, Json] = {"值": list(texts), "键": dict.fromkeys(texts, 1)}
    path = tmp_path / "x.yml"
    path.write_text(write_project(data, SCHEMAS), encoding="utf-8")
    script = (
        "const yaml = require('yaml'), text = require('fs').readFileSync(process.argv[1], 'utf8');"
        "console.log(JSON.stringify(['1.1', '1.2'].map((version) => {"
        "  const data = yaml.parse(text, {version, maxAliasCount: 0, uniqueKeys: false});"
        "  return [data['值'], Object.entries(data['键'])];"
        "})));"
    )
    modules = {**os.environ, "NODE_PATH": str(ROOT / ".cache" / "npm" / "node_modules")}
    command = ["node", "-e", script, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=modules)
    for values, keys in json.loads(done.stdout):
        assert [pair for pair in zip(values, texts, strict=True) if pair[0] != pair[1]] == []
        assert {key for key, _ in keys} == {*texts}
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == data


@given(st.from_regex(r"[-+0-9.:_eExobTtyYnN~=< ]{1,12}", fullmatch=True))
def test_every_spelling_that_readers_disagree_on_is_quoted(text: str) -> None:
    if is_ambiguous(text):
        assert yaml_text.key(text).startswith('"')


class _Scribe:
    """Writes data as YAML in every way but the contract's, with comments that say where they belong."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.comments: list[tuple[str, str | None]] = []

    def pick(self, *ways: str) -> str:
        return self.draw(st.sampled_from(ways))

    def text(self, text: str, *ways: str) -> str:
        way = self.pick("double", *ways)
        if way == "single" and text.isprintable() and text:
            return "'" + text.replace("'", "''") + "'"
        return text if way == "plain" and yaml_text.key(text) == text else yaml_text.quoted(text)

    def comment(self, where: str, name: str | None) -> str:
        self.comments.append((where, name))
        return f"# {len(self.comments) - 1}."

    def above(self, pad: int, name: str, *, first: bool) -> list[str]:
        lines = [""] * self.draw(st.integers(0, 2))
        if self.draw(st.booleans()):
            lines += [" " * pad + self.comment("above", None if first else name)]
        return lines + [" " * self.draw(st.integers(0, pad))] * self.draw(st.integers(0, 1))

    def leaf(self, value: Json, name: str) -> str:
        if not isinstance(value, str):
            words = {"None": ["null", "~"], "True": ["true"], "False": ["false"]}
            written = self.pick(*words.get(str(value), [str(value)]))
        else:
            written = self.text(value, "single", "plain")
            if written == value:
                return written
        return written + self.beside(name)

    def beside(self, name: str | None) -> str:
        return f" {self.comment('beside', name)}" if self.draw(st.booleans()) else ""

    def block(self, value: Json, pad: int) -> list[str]:
        lines: list[str] = []
        items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))  # type: ignore[arg-type]
        for number, (step, item) in enumerate(items):
            name = step if isinstance(step, str) else "item"
            mark = f"{self.text(step, 'single', 'plain')}:" if isinstance(step, str) else "-"
            if not (number == 0 and pad == 0):
                lines += self.above(pad, name, first=number == 0 or name == "item")
            if isinstance(item, dict | list) and item:
                lines += self.nested(item, " " * pad + mark, pad)
            elif isinstance(item, dict | list):
                lines.append(f"{' ' * pad}{mark} {'{}' if isinstance(item, dict) else '[]'}")
            else:
                lines.append(f"{' ' * pad}{mark} {self.leaf(item, name)}")
        return lines

    def flow(self, value: Json) -> str:
        if isinstance(value, dict):
            return (
                "{" + ", ".join(f"{self.text(key)}: {self.flow(item)}" for key, item in value.items()) + "}"
            )
        if isinstance(value, list):
            return "[" + " , ".join(self.flow(item) for item in value) + "]"
        return self.text(value) if isinstance(value, str) else yaml_text.lines(value)[0]

    def nested(self, item: Json, head: str, pad: int) -> list[str]:
        if self.draw(st.integers(0, 5)) == 0:
            return [f"{head} {self.flow(item)}" + self.beside(None)]
        inner = pad + self.draw(st.integers(1, 5))
        if isinstance(item, list) and not head.endswith("-") and self.draw(st.booleans()):
            inner = pad
        lines = self.block(item, inner)
        if head.endswith("-") and inner - pad >= 2 and lines[0].strip() and "#" not in lines[0][: inner + 1]:
            return [head.ljust(inner) + lines[0][inner:], *lines[1:]]
        return [head + self.beside(None), *lines]


_names = st.text(st.sampled_from("甲乙丙丁#: 0-"), min_size=1, max_size=4) | st.sampled_from(
    [*SCHEMAS.resolved["ningxia-2024"]["properties"], "三级指标", "指标值", "备注"]
)
_nested = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def _messes(draw: st.DrawFn) -> tuple[dict[str, Json], str, list[tuple[str, str | None]]]:
    data = draw(st.dictionaries(_names, _nested, min_size=1, max_size=5))
    data |= draw(st.sampled_from([{}, {"表样": "ningxia-2024"}]))
    scribe = _Scribe(draw)
    lines = scribe.block(data, 0)
    return data, draw(st.sampled_from(["\n", "\r\n"])).join(lines), scribe.comments


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_messes())
def test_laying_out_changes_no_data_loses_no_comment_and_is_done_in_one_go(
    mess: tuple[dict[str, Json], str, list[tuple[str, str | None]]],
) -> None:
    data, text, comments = mess
    result, problems = layout(text.encode(), "x.yml", SCHEMAS)
    assert result is not None, problems
    assert _exact(_data(result)) == _exact(data)
    assert layout(result.encode(), "x.yml", SCHEMAS) == (result, ())
    written = result.split("\n")
    for comment, (where, name) in enumerate(comments):
        (number,) = (n for n, line in enumerate(written) if line.endswith(f"# {comment}."))
        below = next((line for line in written[number:] if line and not line.lstrip().startswith("#")), "")
        mark = {None: "", "item": "- "}.get(name, f"{yaml_text.key(name or '')}:")
        assert (written[number] if where == "beside" else below).lstrip(" -").startswith(mark.lstrip(" -"))
    assert not any(line != line.rstrip() for line in written if "#" not in line and '"' not in line)


@settings(deadline=None)
@given(st.text(st.sampled_from(list("甲乙: -\n\"'#|,~0.年")), max_size=60))
@example("甲: |\n    text\n  # c\nnext: 1")
@example("? 甲\n: 乙\n# c")
@example("%YAML 1.2\n---\n甲: 1 # c\n...\n# d")
def test_any_text_is_laid_out_without_loss_or_left_alone(text: str) -> None:
    result, problems = layout(text.encode(), "x.yml", SCHEMAS)
    before, _ = parse(text.encode(), "x.yml")
    if result is None:
        assert problems
        return
    assert before is not None
    assert _exact(_data(result)) == _exact(before.data)
    assert layout(result.encode(), "x.yml", SCHEMAS) == (result, ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder with a file that is laid out, one that is not, and one with a fault."""
    path = tmp_path / "targets" / "2024" / "999001"
    path.mkdir(parents=True)
    neat = format_text(VALID, SCHEMAS)
    (path / "整齐.yml").write_text(neat, encoding="utf-8")
    (path / "凌乱.yml").write_text(neat.replace("年度: 2024", "年度:   2024"), encoding="utf-8")
    (path / "有错.yml").write_text(neat.replace("≤0.3 万元", ">0.3 万元"), encoding="utf-8")
    return tmp_path


def _states(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_fmt_check_lists_what_would_change_and_changes_nothing(folder: Path) -> None:
    before = _states(folder)
    done = jixiao(folder, "fmt", "--check")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[0] == "targets/2024/999001/凌乱.yml：需要整理"
    assert done.stdout.splitlines()[-1] == "看了 3 个文件：1 个需要整理，1 个有错误，没有改动。"
    assert _states(folder) == before


def test_fmt_writes_only_what_differs_and_reports_what_has_faults(folder: Path) -> None:
    before = _states(folder)
    done = jixiao(folder, "fmt")
    after = _states(folder)
    assert done.returncode == 1
    assert "targets/2024/999001/凌乱.yml：已整理\n" in done.stdout
    assert "targets/2024/999001/有错.yml:29:14 错误 Y11" in done.stdout
    assert after["凌乱.yml"][0] == after["整齐.yml"][0]
    assert {name for name in before if after[name] != before[name]} == {"凌乱.yml"}
    assert after.keys() == before.keys(), "no scratch file stays behind"
    (folder / "targets" / "2024" / "999001" / "有错.yml").unlink()
    done = jixiao(folder, "fmt")
    assert (done.returncode, done.stdout) == (0, "看了 2 个文件：排版都合规定。\n")


def test_fmt_takes_single_files_and_keeps_their_permissions_and_links(folder: Path) -> None:
    place = folder / "targets" / "2024" / "999001"
    (place / "凌乱.yml").chmod(0o640)
    (place / "别名.yml").symlink_to("凌乱.yml")
    done = jixiao(folder, "fmt", "targets/2024/999001/别名.yml")
    assert (done.returncode, done.stderr) == (0, "")
    assert (place / "别名.yml").is_symlink()
    assert (place / "凌乱.yml").stat().st_mode & 0o777 == 0o640
    assert (place / "凌乱.yml").read_bytes() == (place / "整齐.yml").read_bytes()
    assert jixiao(folder, "fmt", "没有.yml").returncode == 2


def test_the_hooks_for_other_repositories_run_our_commands_on_data_files_only() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["jixiao-check", "jixiao-fmt"]
    for hook in hooks:
        program, command = hook["entry"].split()
        assert (program, command in cli.COMMANDS) == ("jixiao", True)
        assert all(re.search(hook["files"], path.relative_to(ROOT).as_posix()) for path in FILES)
        assert not re.search(hook["files"], "mkdocs.yml")
