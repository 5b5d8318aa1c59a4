"""What a clerk sees in VS Code: the server behind its YAML extension, with this repository's settings."""

from __future__ import annotations

import json
import queue
import re
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from builder import editor_schema
from tests.records import ROOT, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = ROOT / ".cache" / "npm" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
FOLDER = ROOT / "targets" / "2024" / "067001"
FILES = sorted((ROOT / "targets").rglob("*.yml"))
TEXT = """\
表样: ningxia-2024
年度: 2024
项目名称: 示例项目
主管部门: 示例局
部门代码: "999001"
实施单位: 示例局本级
项目属性: 02-经常性项目
项目期: 1 年
项目资金:  # 万元
  年度资金总额: 13.00
年度总体目标:
  - 示例目标
绩效指标:
  产出指标:
    数量指标:
      - 三级指标: 办理件数
        指标值: 980 项
"""
_PATIENCE = 60  # seconds for one answer, on a busy machine


def _settings() -> dict[str, Any]:
    """``.vscode/settings.json`` as the editor hands it over: dotted names as nested groups."""
    nested: dict[str, Any] = {}
    for name, value in json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8")).items():
        *groups, last = [name] if name.startswith("[") else name.split(".")
        where = nested
        for group in groups:
            where = where.setdefault(group, {})
        where[last] = value
    return nested


class _Editor:
    """The editor's side of the language server protocol: messages of JSON with a length before them."""

    def __init__(self, process: subprocess.Popen[bytes], settings: dict[str, Any]) -> None:
        self.process = process
        self.settings = settings
        self.inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self.number = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self) -> None:
        """Open this repository as a folder."""
        markup = ["markdown", "plaintext"]
        document = {
            "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": markup}},
            "hover": {"contentFormat": markup},
        }
        hello = {
            "processId": None,
            "rootUri": ROOT.as_uri(),
            "workspaceFolders": [{"uri": ROOT.as_uri(), "name": ROOT.name}],
            "locale": "zh-cn",
            "capabilities": {
                "textDocument": document,
                "workspace": {"configuration": True, "workspaceFolders": True},
            },
        }
        self.ask("initialize", hello)
        self.send("initialized", {})
        self.send("workspace/didChangeConfiguration", {"settings": self.settings})

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.inbox.put(json.loads(stream.read(length)))

    def send(self, method: str, params: object, **more: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self._write(body)

    def _write(self, body: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _serve(self, message: dict[str, Any]) -> None:
        """Answer what the server asks of the editor."""
        if "id" not in message or "method" not in message:
            return
        result: object = None
        if message["method"] == "workspace/configuration":
            sections = (item.get("section") for item in message["params"]["items"])
            result = [self.settings.get(section, {}) if section else self.settings for section in sections]
        self._write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode())

    def ask(self, method: str, params: object) -> Any:  # noqa: ANN401  JSON of many shapes
        self.number += 1
        self.send(method, params, id=self.number)
        while True:
            message = self.inbox.get(timeout=_PATIENCE)
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")
            self._serve(message)

    def open(self, path: Path, text: str | None = None) -> list[dict[str, Any]]:
        """Open a file (with another text than on disk, if given) and wait for what is wrong with it."""
        text = path.read_text(encoding="utf-8") if text is None else text
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self.inbox.get(timeout=_PATIENCE)
            self._serve(message)
            published = message.get("params", {})
            if (
                message.get("method") == "textDocument/publishDiagnostics"
                and published["uri"] == path.as_uri()
            ):
                return published["diagnostics"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def editor() -> Iterator[_Editor]:
    """An editor with this repository open."""
    node = shutil.which("node")
    assert node, "no Node.js: run the tests with `make test`, which says what is missing"
    assert SERVER.exists(), "no YAML language server: run the tests with `make test`, which installs it"
    command = [node, str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        editor = _Editor(process, _settings())
        editor.start()
        yield editor
        editor.ask("shutdown", None)
        editor.send("exit", None)


def _position(text: str, word: str) -> dict[str, int]:
    """Where ``word`` first stands in a text, as the protocol counts."""
    before = text[: text.index(word)]
    return {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}


def _offered(editor: _Editor, path: Path, text: str) -> dict[str, dict[str, Any]]:
    """What the editor offers at the end of a text, by label."""
    editor.open(path, text)
    where = {"line": text.count("\n"), "character": len(text) - text.rfind("\n") - 1}
    question = {"textDocument": {"uri": path.as_uri()}, "position": where}
    return {item["label"]: item for item in editor.ask("textDocument/completion", question)["items"]}


@pytest.mark.parametrize("name", editor_schema.NAMES)
def test_the_schemas_for_editors_are_the_ones_the_forms_give(
    request: pytest.FixtureRequest, name: str
) -> None:
    path, text = ROOT / "schema" / "editor" / f"{name}.json", editor_schema.text(name, SCHEMAS)
    if request.config.getoption("--update-goldens"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, (
        "run pytest with --update-goldens and read the difference"
    )
    assert not re.search(r'"(\$ref|x-\w+|examples)"', text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_published_file_has_no_squiggle(editor: _Editor, path: Path) -> None:
    assert editor.open(path) == []


def test_a_sound_text_has_no_squiggle(editor: _Editor) -> None:
    assert editor.open(FOLDER / "无错.yml", TEXT) == []


def test_a_misspelt_key_is_underlined_where_it_stands(editor: _Editor) -> None:
    found = editor.open(FOLDER / "错字.yml", TEXT.replace("项目期:", "项目年限:"))
    (wrong,) = [one for one in found if "项目年限" in one["message"]]
    assert wrong["message"] == "属性 项目年限 不被允许。"
    assert wrong["range"] == {"start": {"line": 7, "character": 0}, "end": {"line": 7, "character": 4}}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  年度资金总额: 13.00", "  年度资金总额: 13.00\n  上年结转: 0", 10, "上年结转"),
        ("    数量指标:", "    数指标:", 14, "数指标"),
        ("        指标值: 980 项", "        指标值: 980 项\n        单位: 项", 17, "单位"),
        ("指标值: 980 项", '指标值: ""', 16, "请写指标值，如 980 项"),
        ("指标值: 980 项", "指标值: 980", 16, "类型不正确"),
        ("13.00", "13 万元", 9, "金额只写数，不写单位和逗号"),
        ('"999001"', '"九九"', 4, "部门代码只写数字"),
    ],
)
def test_a_mistake_is_underlined_on_its_line_in_chinese(
    editor: _Editor, old: str, new: str, line: int, said: str
) -> None:
    (wrong,) = editor.open(FOLDER / f"错{new.encode().hex()}.yml", TEXT.replace(old, new))
    assert wrong["range"]["start"]["line"] == line
    assert said in wrong["message"]


def test_a_department_file_is_measured_as_one(editor: _Editor) -> None:
    (wrong,) = editor.open(
        ROOT / "targets" / "2031" / "999001" / "部门.yml", "部门名称: 示例局\n年度: 2031\n"
    )
    assert wrong["message"] == "属性 年度 不被允许。"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("指标值", "**填什么**：批复的值，一字不改，通常是符号、数和单位。"),
        ("数量指标", "**填什么**：做多少，写数和单位。"),
        ("年度资金总额", "`13.00` 就写 `13.00`"),
    ],
)
def test_hovering_over_a_key_shows_what_to_write_in_chinese(editor: _Editor, word: str, said: str) -> None:
    path = FOLDER / f"悬停{word}.yml"
    editor.open(path, TEXT)
    question = {"textDocument": {"uri": path.as_uri()}, "position": _position(TEXT, word)}
    shown = editor.ask("textDocument/hover", question)["contents"]
    assert shown["kind"] == "markdown"
    assert said in shown["value"]
    assert "**例**" in shown["value"]
    assert "**常见错误**" in shown["value"]


def test_under_a_level1_its_level2_names_are_offered_ready_to_fill_in(editor: _Editor) -> None:
    offered = _offered(editor, FOLDER / "二级.yml", TEXT[: TEXT.index("数量指标")])
    form = SCHEMAS.forms["ningxia-2024"]
    assert {*offered} == {slot.name for level1, slot in form.slots if level1.name == "产出指标"}
    assert offered["质量指标"]["insertText"] == "质量指标:\n  - 三级指标: "
    assert "做到什么水平" in offered["质量指标"]["documentation"]["value"]


def test_a_level2_that_is_there_is_not_offered_again(editor: _Editor) -> None:
    offered = _offered(editor, FOLDER / "再补.yml", f"{TEXT}    ")
    assert {*offered} == {"质量指标", "时效指标", "成本指标"}


def test_behind_the_form_s_key_the_forms_are_offered(editor: _Editor) -> None:
    assert {*_offered(editor, FOLDER / "新建.yml", "表样: ")} == {*SCHEMAS.forms}


def test_no_offer_puts_an_example_where_the_clerk_s_own_words_belong(editor: _Editor) -> None:
    offered = _offered(editor, FOLDER / "首行.yml", TEXT[: TEXT.index("项目名称")])
    assert offered["项目名称"]["insertText"] == "项目名称: "
    assert not [label for label, item in offered.items() if "object Object" in item["insertText"]]
