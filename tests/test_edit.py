from __future__ import annotations

import copy
import os
import random
from collections import Counter
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import pytest

from builder import edit as edits
from builder import yaml_lines
from builder.edit import edit
from builder.errors import BuilderError
from builder.format import exact, format_text, write_project
from builder.plain import form_schema, plain
from builder.source import parse
from tests.mutations import FILES
from tests.records import CENTRAL, SCHEMAS, VALID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from builder.problem import Path

UNUSUAL = """\
# 文件头

# 表样的注释
表样: ningxia-2024
年度: 2024
序号: 1   # 序号
项目名称: "示例项目"
主管部门: '示例局'
部门代码: "999001"  # 代码

实施单位: 示例局本级
项目资金:    # 万元
    年度资金总额: 13.00  # 总额
    # 来源
    财政拨款: 13.00
    其他资金: 0
年度总体目标:
- 示例目标一
# 目标二上面
- "示例目标二"  # 旁边
- |
  多行
  目标

- 目标四
绩效指标:

  产出指标:
    # 数量
    数量指标:
      # 第一条上面
      - 三级指标: 办理件数
        指标值: "≥980 项"   # 批复
        # 第一条末尾
      # 第二条上面
      - 指标值: ≥98%
        三级指标: 办结率
        # 第二条末尾
      # 第三条上面
      - 三级指标: 第三条
        指标值: null
      # 数量末尾
    质量指标:
      - { 三级指标: 培训率, 指标值: "≥98%" }
      -
        三级指标: 丙
        指标值:
  效益指标:
    社会效益指标: [{三级指标: 甲, 指标值: 乙}]
豁免: []
# 末尾
"""
"""A sound record laid out by hand in every way but the usual one."""

OWN = [UNUSUAL, UNUSUAL.replace("\n", "\r\n"), UNUSUAL.rstrip(), "\ufeff" + UNUSUAL]
TEXTS = [*FILES.values(), CENTRAL, *OWN]
FEW = [VALID, *OWN[:3]]
"""For what is tried at every row."""

AWKWARD = [
    *(
        "≥5 年",
        "> 300 件",
        "",
        " 空",
        "a: b",
        "# x",
        "x #y",
        "多\n行",
        "多\n行\n",
        "多\n\n 行",
        "\n前",
        "后\n\n",
    ),
    *(
        "null",
        "067001",
        "1,300",
        "true",
        "=",
        "1e3",
        "12:30",
        "2024-12-31",
        ".5",
        "~",
        "-",
        "- x",
        "[a",
        "{b",
    ),
    *(
        '"q"',
        "'s'",
        "“引”",
        "a\\b",
        "\u200b",
        "\ttab",
        "|",
        ">x",
        "!t",
        "&a",
        "*a",
        "%x",
        "@x",
        "`x",
        "长" * 300,
    ),
    *(None, 5, 0, Decimal("13.00"), Decimal("0.10")),
]


def data_of(text: str) -> dict[str, Any]:
    document, problems = parse(text.encode(), "")
    assert document is not None
    assert not problems
    return copy.deepcopy(dict(document.data))


def edited(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """The text after one change to its data; that it means the changed data is asserted."""
    data = data_of(text)
    change(data)
    result = edit(text, data, SCHEMAS)
    schema = form_schema(data, SCHEMAS)
    assert exact(plain(data_of(result), schema)) == exact(plain(data, schema))
    return result


def paths(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401  YAML
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        yield (*path, step), value
        yield from paths(value, (*path, step))


def at(data: Any, path: Path) -> Any:  # noqa: ANN401  YAML
    for step in path:
        data = data[step]
    return data


def differing(before: str, after: str) -> list[tuple[list[str], list[str]]]:
    """The runs of lines that differ, before and after."""
    one, other = before.split("\n"), after.split("\n")
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [(one[a:b], other[c:d]) for tag, a, b, c, d in codes if tag != "equal"]


def lists(text: str) -> list[Path]:
    """Every list that stands as rows of its own lines."""
    data = data_of(text)
    flow = {("绩效指标", "效益指标", "社会效益指标")} if "[{" in text else set()
    return [path for path, value in paths(data) if isinstance(value, list) and value and path not in flow]


def adding(path: Path, place: int, row: object) -> Callable[[dict[str, Any]], object]:
    return lambda data: at(data, path).insert(place, row)


def dropping(path: Path, place: int) -> Callable[[dict[str, Any]], object]:
    return lambda data: at(data, path).pop(place)


def moving(path: Path, place: int) -> Callable[[dict[str, Any]], object]:
    return lambda data: at(data, path).insert(0, at(data, path).pop(place))


@pytest.mark.parametrize("text", TEXTS)
def test_the_lines_of_all_entries_are_the_file(text: str) -> None:
    text = text.removeprefix("\ufeff")
    document, _ = parse(text.encode(), "")
    assert document is not None
    assert "\n".join(yaml_lines.read(text, document).written()) == text


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_data_leaves_every_byte(text: str) -> None:
    assert edited(text, lambda _: None) == text


@pytest.mark.parametrize("text", TEXTS)
def test_one_value_is_one_line(text: str) -> None:
    data = data_of(text)
    for path, value in paths(data):
        if isinstance(value, dict | list) or (isinstance(value, str) and "\n" in value):
            continue
        new = Decimal("1.50") if isinstance(value, int | Decimal) else "新的 ≥1 项"

        def change(data: dict[str, Any], path: Path = path, new: object = new) -> None:
            at(data, path[:-1])[path[-1]] = new

        result = edited(text, change)
        assert len(result.split("\n")) == len(text.split("\n")), path
        (((before,), (after,)),) = differing(text, result)
        assert before.endswith("\r") == after.endswith("\r")
        assert before.partition("#")[2] == after.partition("#")[2], "its comment stays"


@pytest.mark.parametrize("text", FEW)
def test_a_new_row_only_adds_lines(text: str) -> None:
    for path in lists(text):
        for place in range(len(at(data_of(text), path)) + 1):
            row = {"三级指标": "新的一条: #1", "指标值": "≥1 项"} if path[0] == "绩效指标" else "新的一条: #1"
            result = edited(text, adding(path, place, row))
            (((), added),) = [(tuple(old), new) for old, new in differing(text, result)]
            assert len(added) == (2 if isinstance(row, dict) else 1)
            assert all(line.endswith("\r") == ("\r\n" in text) for line in added)


@pytest.mark.parametrize("text", FEW)
def test_a_deleted_row_only_takes_lines(text: str) -> None:
    for path in lists(text):
        count = len(at(data_of(text), path))
        if count < 2:
            continue
        for place in range(count):
            result = edited(text, dropping(path, place))
            assert all(not new for _, new in differing(text, result)), (path, place)


def test_a_deleted_row_takes_its_own_comments_and_leaves_those_of_others() -> None:
    result = edited(UNUSUAL, lambda data: data["绩效指标"]["产出指标"]["数量指标"].pop(1))
    gone = "".join(line for old, _ in differing(UNUSUAL, result) for line in old)
    assert "第二条上面" in gone
    assert "第二条末尾" in gone
    for kept in ("第一条上面", "第一条末尾", "第三条上面", "数量末尾", "批复"):
        assert kept in result


@pytest.mark.parametrize("text", FEW)
def test_a_moved_row_takes_its_lines_along(text: str) -> None:
    for path in lists(text):
        count = len(at(data_of(text), path))
        for place in range(1, count):
            result = edited(text, moving(path, place))
            assert Counter(result.split("\n")) == Counter(text.split("\n")), (path, place)


def test_a_row_moved_to_another_class_takes_its_comments_along() -> None:
    def change(data: dict[str, Any]) -> None:
        outputs = data["绩效指标"]["产出指标"]
        outputs["时效指标"] = [outputs["数量指标"].pop(0)]

    result = edited(UNUSUAL, change)
    assert Counter(result.split("\n")) - Counter(UNUSUAL.split("\n")) == Counter(["    时效指标:"])
    assert not Counter(UNUSUAL.split("\n")) - Counter(result.split("\n"))


def test_a_new_section_stands_where_the_form_has_it_laid_out_as_fmt_does() -> None:
    def change(data: dict[str, Any]) -> None:
        data["绩效指标"]["效益指标"]["经济效益指标"] = [{"指标值": "> 1 万元", "三级指标": "增收"}]
        data["公开"] = "是"

    before = format_text(VALID, SCHEMAS)
    result = edited(before, change)
    assert format_text(result, SCHEMAS) == result
    assert differing(before, result) == [
        ([], ["    经济效益指标:", "      - 三级指标: 增收", '        指标值: "> 1 万元"']),
        ([], ["公开: 是"]),
    ]


def test_a_new_record_is_exactly_what_fmt_gives() -> None:
    for text in TEXTS:
        written = write_project(data_of(text), SCHEMAS)
        assert format_text(written, SCHEMAS) == written


def test_a_file_with_faults_is_not_touched() -> None:
    with pytest.raises(BuilderError, match="第 6 行"):
        edit(VALID.replace('"999001"', "067001"), data_of(VALID), SCHEMAS)


def test_what_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(BuilderError, match="写不成"):
        edited(VALID, lambda data: data.update(项目名称="半个\ud83d"))


def rows(data: dict[str, Any]) -> list[list[Any]]:
    return [value for _, value in paths(data) if isinstance(value, list)]


def set_one(data: dict[str, Any], chance: random.Random) -> None:
    path, _ = chance.choice([one for one in paths(data) if not isinstance(one[1], dict | list)])
    at(data, path[:-1])[path[-1]] = chance.choice(AWKWARD)


def add_row(data: dict[str, Any], chance: random.Random) -> None:
    row = {"三级指标": chance.choice(["甲", "新指标 #1", "a: b"]), "指标值": chance.choice(AWKWARD)}
    into = chance.choice(rows(data))
    into.insert(chance.randint(0, len(into)), chance.choice([row, "一段: 文字"]))


def drop_row(data: dict[str, Any], chance: random.Random) -> None:
    if found := [one for one in rows(data) if one]:
        into = chance.choice(found)
        into.pop(chance.randrange(len(into)))


def move_row(data: dict[str, Any], chance: random.Random) -> None:
    if found := [one for one in rows(data) if one]:
        source, target = chance.choice(found), chance.choice(rows(data))
        row = source.pop(chance.randrange(len(source)))
        target.insert(chance.randint(0, len(target)), row)


def add_key(data: dict[str, Any], chance: random.Random) -> None:
    inside = chance.choice([data, *(value for _, value in paths(data) if isinstance(value, dict))])
    key = chance.choice(["备注", "权重", "时效指标", "公开", "新键: x", "经济效益指标"])
    inside[key] = chance.choice([*AWKWARD, [{"三级指标": "甲", "指标值": "乙"}], {}, [], {"a": {"b": ["c"]}}])


def drop_key(data: dict[str, Any], chance: random.Random) -> None:
    path, _ = chance.choice(
        [one for one in paths(data) if isinstance(one[0][-1], str) and one[0] != ("表样",)]
    )
    at(data, path[:-1]).pop(path[-1])


EACH = int(os.environ.get("JIXIAO_EDITS", "25"))
"""Random edits of each text; more by this variable."""

EDITS = (set_one, set_one, set_one, add_row, drop_row, move_row, add_key, drop_key)


@pytest.mark.parametrize("text", TEXTS)
def test_any_edits_mean_the_data_and_spare_every_other_key(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edits, "_Coarse", None)  # the fine editor must not need the coarse one
    monkeypatch.setattr(edits, "_ways", lambda *words: (edits._Editor(*words),))  # noqa: SLF001  the same
    for seed in range(EACH):
        chance = random.Random(seed)  # noqa: S311  a game of chance that says the same each time
        before, wanted = data_of(text), data_of(text)
        for _ in range(chance.choice([1, 1, 2, 4, 8])):
            chance.choice(EDITS)(wanted, chance)
        result = edit(text, wanted, SCHEMAS)
        schema = form_schema(wanted, SCHEMAS)
        assert exact(plain(data_of(result), schema)) == exact(plain(wanted, schema))
        kept = [key for key in before if key in wanted and exact(before[key]) == exact(wanted[key])]
        assert _lines_of(text, kept) == _lines_of(result, kept)


def _lines_of(text: str, keys: list[str]) -> dict[str, list[str]]:
    """The lines of some keys of the record, their comments included."""
    text = text.removeprefix("\ufeff")
    document, _ = parse(text.encode(), "")
    assert document is not None
    whole = yaml_lines.read(text, document)
    ends = {line.removesuffix("\r") for entry in whole.entries or () for line in entry.written()}
    assert ends
    return {
        str(entry.key): [line.removesuffix("\r") for line in entry.written()]
        for entry in whole.entries or ()
        if entry.key in keys
    }


def test_what_the_fine_editor_cannot_do_is_written_in_larger_parts_with_every_comment() -> None:
    data = data_of(UNUSUAL)
    data["绩效指标"]["产出指标"]["数量指标"][0]["指标值"] = "新"
    document, _ = parse(UNUSUAL.encode(), "")
    assert document is not None
    coarse = edits._Coarse(yaml_lines.read(UNUSUAL, document), data, SCHEMAS, "\n")  # noqa: SLF001  the fallback
    result = "\n".join(coarse.whole())
    assert edits.means(result, data, SCHEMAS)
    for comment in [line.partition("#")[2] for line in UNUSUAL.split("\n") if "#" in line]:
        assert comment in result


def test_the_coarse_editor_is_asked_when_the_fine_one_errs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits._Editor, "_valued", lambda *_: ["项目名称: 别的"])  # noqa: SLF001  breaks it
    assert "项目名称: 新的" in edited(VALID, lambda data: data.update(项目名称="新的"))


def test_brackets_are_opened_only_for_what_does_not_fit_in_them() -> None:
    def quality(data: dict[str, Any]) -> Any:  # noqa: ANN401  YAML
        return data["绩效指标"]["产出指标"]["质量指标"][0]

    result = edited(UNUSUAL, lambda data: quality(data).update(指标值="≥99%"))
    assert '      - { 三级指标: 培训率, 指标值: "≥99%" }' in result
    result = edited(UNUSUAL, lambda data: quality(data).update(备注="新"))
    assert "社会效益指标: [{三级指标: 甲, 指标值: 乙}]" in result
    assert "      - 三级指标: 培训率\n        指标值: ≥98%\n        备注: 新\n" in result
