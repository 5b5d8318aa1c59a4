from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import diff, rules
from builder.check import examine
from builder.diff import Kind, Reason, Version
from builder.diff.assign import best
from builder.diff.target import Verdict, judge
from builder.model import ProjectId
from builder.values import name_direction, parse
from tests.changes import NAME, changes, edited, of, row, short, source, version
from tests.records import CENTRAL, SCHEMAS, VALID, projects

if TYPE_CHECKING:
    from builder.diff import Change
    from builder.model import Project

FORM = SCHEMAS.forms["ningxia-2024"]
TOPICS = {slot.name: slot.topic for _, slot in FORM.slots}
VERDICTS = {
    "stricter": Kind.TARGET_STRICTER,
    "weaker": Kind.TARGET_WEAKER,
    "unclear": Kind.TARGET_UNCLEAR,
    "unit": Kind.UNIT_CHANGED,
    "qualitative": Kind.MADE_QUALITATIVE,
    "quantitative": Kind.MADE_QUANTITATIVE,
    "earlier": Kind.DEADLINE_EARLIER,
    "later": Kind.DEADLINE_LATER,
    "same": None,
}
MIRRORED = {
    "stricter": "weaker",
    "weaker": "stricter",
    "qualitative": "quantitative",
    "quantitative": "qualitative",
    "earlier": "later",
    "later": "earlier",
}
LINES = (Path(__file__).parent / "diff_pairs.tsv").read_text(encoding="utf-8").splitlines()
PAIRS = [tuple(line.split("\t")) for line in LINES if not line.startswith("#")]


def _verdict(level2: str, name: str, old: str, new: str) -> Verdict | None:
    one, other = (
        None if text == "空" else parse(text, SCHEMAS.words, name=name, year=2024) for text in (old, new)
    )
    return judge(one, other, topic=TOPICS[level2], named=name_direction(name, SCHEMAS.words))


def _judged(level2: str, name: str, old: str, new: str) -> Kind | None:
    verdict = _verdict(level2, name, old, new)
    return verdict.kind if verdict else None


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_a_changed_value_is_judged_as_a_person_would(pair: tuple[str, ...]) -> None:
    level2, name, old, new, verdict = pair
    assert _judged(level2, name, old, new) == VERDICTS[verdict]


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_taking_a_change_back_turns_the_verdict_round(pair: tuple[str, ...]) -> None:
    level2, name, old, new, verdict = pair
    assert _judged(level2, name, new, old) == VERDICTS[MIRRORED.get(verdict, verdict)]


def test_the_table_is_large_and_knows_every_verdict() -> None:
    assert len(set(PAIRS)) >= 150
    assert {pair[-1] for pair in PAIRS} == VERDICTS.keys()


EDITS: dict[str, tuple[tuple[tuple[str, str], ...], list[tuple[str, ...]]]] = {
    "资金增加": (
        (("年度资金总额: 13.00", "年度资金总额: 15"), ("财政拨款: 13.00", "财政拨款: 15")),
        [("funding-raised", "13.00 万元", "15 万元")],
    ),
    "资金减少": (
        (("年度资金总额: 13.00", "年度资金总额: 10"), ("财政拨款: 13.00", "财政拨款: 10")),
        [("funding-lowered", "13.00 万元", "10 万元")],
    ),
    "来源调整": (
        (("财政拨款: 13.00", "财政拨款: 10"), ("其他资金: 0", "其他资金: 3")),
        [("funding-shifted", "财政拨款 13.00 万元，其他资金 0 万元", "财政拨款 10 万元，其他资金 3 万元")],
    ),
    "总额和来源都变": (
        (
            ("年度资金总额: 13.00", "年度资金总额: 20"),
            ("其他资金: 0", "其他资金: 20"),
            ("财政拨款: 13.00", "财政拨款: 0"),
        ),
        [
            ("funding-raised", "13.00 万元", "20 万元"),
            ("funding-shifted", "财政拨款 13.00 万元，其他资金 0 万元", "财政拨款 0 万元，其他资金 20 万元"),
        ],
    ),
    "金额只改小数位": (
        (("年度资金总额: 13.00", "年度资金总额: 13.0"),),
        [("field-changed", "13.00 万元", "13.0 万元")],
    ),
    "目标增加": (
        (("  - 示例目标一\n", "  - 示例目标一\n  - 另一件完全不同的事\n"),),
        [("goal-added", "", "另一件完全不同的事")],
    ),
    "目标换掉": (
        (("示例目标一", "另一件完全不同的事"),),
        [("goal-removed", "示例目标一", ""), ("goal-added", "", "另一件完全不同的事")],
    ),
    "目标改写": ((("示例目标一", "示例目标一、二"),), [("goal-changed", "示例目标一", "示例目标一、二")]),
    "指标增加": (
        ((row("办理件数", "≥980 项"), row("办理件数", "≥980 项") + row("设窗数", "≥8 个")),),
        [("indicator-added", "", "≥8 个")],
    ),
    "指标删去": (
        ((row("培训率", "≥98%"), row("培训率", "≥98%") + row("抽查面", "≥8%")),),
        [("indicator-added", "", "≥8%")],
    ),
    "指标改名": ((("培训率", "参与培训率"),), [("indicator-reworded", "培训率", "参与培训率")]),
    "指标换归类": (
        (
            (row("培训率", "≥98%"), row("某率", "≥1%")),
            (row("办理件数", "≥980 项"), row("办理件数", "≥980 项") + row("培训率", "≥98%")),
        ),
        [("indicator-moved", "质量指标", "数量指标"), ("indicator-added", "", "≥1%")],
    ),
    "改名又降低": (
        (("培训率\n        指标值: ≥98%", "参与培训率\n        指标值: ≥90%"),),
        [("target-weaker", "≥98%", "≥90%"), ("indicator-reworded", "培训率", "参与培训率")],
    ),
    "目标提高": ((("≥980 项", "≥990 项"),), [("target-stricter", "≥980 项", "≥990 项")]),
    "写法不同意思相同": ((("≥980 项", "不少于980项"),), [("indicator-reworded", "≥980 项", "不少于980项")]),
    "定量改定性": ((("≥980 项", "大量办理"),), [("made-qualitative", "≥980 项", "大量办理")]),
    "值删去": ((("≥980 项", "null"),), [("target-weaker", "≥980 项", "")]),
    "加备注": (
        (("≥980 项", "≥980 项\n        备注: 含网上办理"),),
        [("note-changed", "", "含网上办理")],
    ),
    "加解释": (
        (("≥980 项", "≥980 项\n        指标解释: 全年办结的件数"),),
        [("field-changed", "", "全年办结的件数")],
    ),
    "加权重": ((("≥980 项", "≥980 项\n        权重: 10"),), [("weight-changed", "", "10")]),
    "项目改名": ((("示例项目", "示例项目二"),), [("project-renamed", "示例项目", "示例项目二")]),
    "部门改名": (
        (("主管部门: 示例局", "主管部门: 示例委"),),
        [("department-changed", "999001 示例局", "999001 示例委")],
    ),
    "单位改名": ((("示例局本级", "示例中心"),), [("field-changed", "示例局本级", "示例中心")]),
    "项目期": ((("项目期: 1 年", "项目期: 3 年"),), [("field-changed", "1 年", "3 年")]),
    "序号删去": ((("序号: 1\n", ""),), [("field-changed", "1", "")]),
    "新增豁免": (
        (
            (
                "群众满意度\n        指标值: ≥98%\n",
                "群众满意度\n        指标值: ≥98%\n豁免:\n  - 规则: C02\n    理由: 示例\n",
            ),
        ),
        [("waiver-added", "", "示例")],
    ),
}


@pytest.mark.parametrize(("edits", "expected"), EDITS.values(), ids=EDITS)
def test_an_edit_is_named_for_what_it_does(
    edits: tuple[tuple[str, str], ...], expected: list[tuple[str, ...]]
) -> None:
    assert of(*edits) == expected


@pytest.mark.parametrize(("edits", "expected"), EDITS.values(), ids=EDITS)
def test_the_same_edit_taken_back_finds_the_same_things_the_other_way_round(
    edits: tuple[tuple[str, str], ...], expected: list[tuple[str, ...]]
) -> None:
    back = short(changes({NAME: edited(*edits)}, {NAME: VALID}))
    assert sorted(pair[:0:-1] for pair in back) == sorted(pair[1:] for pair in expected)


def test_loss_comes_before_what_must_be_looked_at_and_gain_comes_last() -> None:
    edits = (("≥980 项", "≥990 项"), ("≥5 年", "≥3 年"), ("项目期: 1 年", "项目期: 3 年"))
    assert [kind for kind, *_ in of(*edits)] == ["target-weaker", "field-changed", "target-stricter"]


def test_weights_of_the_form_with_weights_are_compared() -> None:
    edit = ("执行率分值: 10", "执行率分值: 12")
    assert ("weight-changed", "10", "12") in of(edit, text=CENTRAL)


def test_a_weight_written_with_other_digits_is_an_edit_though_it_weighs_the_same() -> None:
    assert of(("权重: 15", "权重: 15.0"), text=CENTRAL) == [("field-changed", "15", "15.0")]


def test_a_row_put_in_front_changes_nothing_for_the_others() -> None:
    first = row("办理件数", "≥980 项")
    assert of((first, row("新设窗口", "≥1 个") + first)) == [("indicator-added", "", "≥1 个")]


def test_indicators_that_are_renamed_together_find_each_other_by_likeness_not_by_order() -> None:
    names = ["群众满意度", "企业满意度", "干部培训覆盖率"]
    old = edited((row("群众满意度", "≥98%"), "".join(row(f"{name}", "≥90%") for name in names)))
    new = edited(
        (
            row("群众满意度", "≥98%"),
            "".join(row(f"全县{name}", "≥90%") for name in reversed(names)),
        )
    )
    renames = {
        pair[1:] for pair in short(changes({NAME: old}, {NAME: new})) if pair[0] == "indicator-reworded"
    }
    assert renames == {(name, f"全县{name}") for name in names}


def test_two_rows_of_one_name_stay_apart_by_their_values() -> None:
    rows = row("办理件数", "≥980 项") + row("办理件数", "≥20 项")
    old = edited((row("办理件数", "≥980 项"), rows))
    new = old.replace("≥20 项", "≥10 项")
    assert short(changes({NAME: old}, {NAME: new})) == [("target-weaker", "≥20 项", "≥10 项")]


def test_rows_in_another_order_are_one_change_and_no_more() -> None:
    rows = row("办理件数", "≥980 项"), row("新设窗口", "≥1 个")
    old, new = (edited((rows[0], "".join(order))) for order in (rows, reversed(rows)))
    (change,) = changes({NAME: old}, {NAME: new})
    assert (change.kind, change.level2, change.before) == (Kind.FIELD_CHANGED, "数量指标", None)


def test_a_waiver_follows_an_indicator_that_is_renamed() -> None:
    waiver = "豁免:\n  - 规则: C02\n    指标: {}\n    理由: 示例\n"
    old = VALID + waiver.format("培训率")
    new = edited(("培训率", "参与培训率")) + waiver.format("参与培训率")
    assert short(changes({NAME: old}, {NAME: new})) == [("indicator-reworded", "培训率", "参与培训率")]


def test_the_reason_of_a_waiver_may_change() -> None:
    old = VALID + "豁免:\n  - 规则: C02\n    理由: 示例\n"
    assert of(("理由: 示例", "理由: 批复原文如此"), text=old) == [("field-changed", "示例", "批复原文如此")]


def _problems(old: str, new: str) -> list[tuple[str, str]]:
    found = changes({NAME: old}, {NAME: new})
    return [(str(change.kind), change.problem.code) for change in found if change.problem]


def test_a_problem_that_comes_and_goes_is_told() -> None:
    broken = edited(("≥980 项", "null"))
    assert _problems(VALID, broken) == [("problem-new", "C02")]
    assert _problems(broken, VALID) == [("problem-fixed", "C02")]


def test_a_problem_that_stays_is_not_told_though_lines_move() -> None:
    broken = edited(("≥980 项", "null"))
    assert _problems(broken, "# 注释\n" + broken) == []


def test_a_problem_answered_by_a_waiver_is_not_called_mended() -> None:
    broken = edited(("≥980 项", "null"))
    waived = broken + "豁免:\n  - 规则: C02\n    理由: 批复原文如此\n"
    assert _problems(broken, waived) == []
    assert _problems(waived, broken) == [("problem-new", "C02")]


def test_layout_comments_quotes_and_the_order_of_keys_mean_nothing() -> None:
    data = yaml.safe_load(VALID.replace("13.00", "'13.00'"))
    text = yaml.dump(_shuffled(data), allow_unicode=True, default_flow_style=True, width=10_000)
    text = text.replace("'13.00'", "13.00")
    assert text != VALID
    assert changes({NAME: VALID}, {NAME: f"# 注释\n{text}\r\n"}) == ()


def _shuffled(data: Any) -> Any:  # noqa: ANN401  YAML
    if not isinstance(data, dict):
        return [_shuffled(item) for item in data] if isinstance(data, list) else data
    items = list(data.items())
    random.Random(1).shuffle(items)  # noqa: S311  any other order will do
    return {key: _shuffled(value) for key, value in items}


OTHER = edited(
    ("示例项目", "另一项目"),
    ("办理件数", "巡查河道里程"),
    ("培训率", "水质达标率"),
    ("按期办结率", "清淤及时率"),
    ("示例目标一", "河道清洁"),
)


def test_files_that_come_and_go_are_projects_added_and_removed() -> None:
    found = changes({NAME: VALID}, {"targets/2024/999001/另一.yml": OTHER})
    assert short(found) == [
        ("project-removed", "13.00 万元，7 个指标", ""),
        ("project-added", "", "13.00 万元，7 个指标"),
    ]
    assert [(change.project, change.amount) for change in found] == [
        ("示例项目", Decimal("-13.00")),
        ("另一项目", Decimal("13.00")),
    ]


def test_a_file_that_moves_is_known_by_its_content() -> None:
    moved = "targets/2024/999002/示例.yml"
    old = {NAME: VALID, "targets/2024/999001/另一.yml": OTHER}
    new = {
        moved: edited(('"999001"', '"999002"'), ("≥980 项", "≥900 项")),
        "targets/2024/999001/另二.yml": OTHER,
    }
    assert short(changes(old, new)) == [
        ("target-weaker", "≥980 项", "≥900 项"),
        ("project-renamed", "targets/2024/999001/另一.yml", "targets/2024/999001/另二.yml"),
        ("project-renamed", NAME, moved),
        ("department-changed", "999001 示例局", "999002 示例局"),
    ]


def test_the_next_year_is_no_rename() -> None:
    new = {"targets/2025/999001/示例.yml": edited(("年度: 2024", "年度: 2025"))}
    assert [kind for kind, *_ in short(changes({NAME: VALID}, new))] == ["project-removed", "project-added"]


def test_two_hundred_files_that_move_at_once_find_themselves() -> None:
    old = {f"targets/2024/999001/项目{n}.yml": edited(("示例项目", f"项目第{n}")) for n in range(200)}
    new = {name.replace("999001", "999002"): text.replace("999001", "999002") for name, text in old.items()}
    before, after = ([version(text, name) for name, text in side.items()] for side in (old, new))
    random.Random(2).shuffle(after)  # noqa: S311  any order will do
    found = diff.changes(tuple(before), tuple(after), SCHEMAS.words)
    renames = {(change.before, change.after) for change in found if change.kind is Kind.PROJECT_RENAMED}
    assert renames == {(name, name.replace("999001", "999002")) for name in old}


DEPARTMENT = "targets/2024/999001/部门.yml"


def test_the_facts_of_a_department_are_fields() -> None:
    old = {DEPARTMENT: "部门名称: 示例局\n批复日期: 2024-01-02\n".replace("2024-01-02", '"2024-01-02"')}
    new = {DEPARTMENT: '批复日期: "2024-02-03"\n部门名称: 示例委\n联系电话: "000-0000000"\n'}
    assert short(changes(old, new)) == [
        ("department-changed", "示例局", "示例委"),
        ("field-changed", "2024-01-02", "2024-02-03"),
        ("field-changed", "", "000-0000000"),
    ]
    assert short(changes(old, {})) == [("department-changed", "示例局", "")]


def _unread(old: str | bytes, new: str | bytes) -> list[tuple[tuple[str, ...], int, int]]:
    found = diff.unread((version(old),), (version(new),))
    return [(item.keys, len(item.old), len(item.new)) for item in found]


@pytest.mark.parametrize(
    "text", ["", "：：：", "表样: 没有这种\n", b"\xff\xfe", "- 1\n", "{" * 100, "a: *b\n"]
)
def test_a_file_that_cannot_be_read_is_said_to_be_so_with_its_problems(text: str | bytes) -> None:
    ((keys, old, new),) = _unread(VALID, text)
    assert (keys, old) == ((), 0)
    assert new > 0
    found = diff.changes((version(),), (version(text),), SCHEMAS.words)
    assert {change.kind for change in found} == {Kind.PROBLEM_NEW}
    assert len(found) == new


def test_a_file_that_could_not_be_read_on_either_side_is_still_told() -> None:
    ((keys, old, new),) = _unread("", "- 1\n")
    assert (keys, old, new) == ((), 1, 1)


def test_a_removed_file_is_a_loss_even_if_nobody_can_read_it() -> None:
    broken = (version("- 1\n"),)
    (change,) = diff.changes(broken, (), SCHEMAS.words)
    assert (change.kind, change.project) == (Kind.PROJECT_REMOVED, "示例")


def test_what_has_the_wrong_shape_is_left_out_and_named_and_the_rest_is_compared() -> None:
    new = edited(("≥980 项", "980"), ("年度资金总额: 13.00", "年度资金总额: 15"))
    assert _unread(VALID, new) == [(("绩效指标",), 0, 2)]
    found = changes({NAME: VALID}, {NAME: new})
    assert short(found)[0] == ("funding-raised", "13.00 万元", "15 万元")
    assert not [change for change in found if change.indicator]


WITHHELD = VALID.replace("示例项目", "不公开的项目") + "公开: 否\n"


@pytest.mark.parametrize("new", [WITHHELD.replace("≥980 项", "≥9 项"), "：：：", "- 1\n"])
def test_a_withheld_project_is_in_no_change_whatever_becomes_of_it(new: str) -> None:
    sides = (version(WITHHELD),), (version(new),)
    for old, now in (sides, sides[::-1], (sides[0], ()), ((), sides[0])):
        assert diff.changes(old, now, SCHEMAS.words) == ()
        assert diff.unread(old, now) == ()


def test_a_project_that_is_withheld_from_now_on_is_removed_from_what_the_public_sees() -> None:
    found = changes({NAME: VALID}, {NAME: WITHHELD})
    assert [(change.kind, change.project) for change in found] == [(Kind.PROJECT_REMOVED, "示例项目")]


def _codes(read: Version) -> set[str]:
    return {problem.code for problem in read.problems}


def test_rules_across_files_speak_only_when_the_files_are_together() -> None:
    department = source("部门名称: 示例局\n项目支出: 1\n", DEPARTMENT)
    group = [examine(file, SCHEMAS) for file in (department, source(VALID))]
    together = diff.read_department(group, rules.Settings())
    assert "M04" in {code for item in together for code in _codes(item)}
    assert "M04" not in _codes(diff.read(department, SCHEMAS, rules.Settings()))


def test_a_waiver_of_a_rule_across_files_is_not_called_unused_in_a_file_by_itself() -> None:
    waiver = "豁免:\n  - 规则: {}\n    理由: 示例\n"
    assert "W01" not in _codes(version(VALID + waiver.format("X03")))
    assert "W01" in _codes(version(VALID + waiver.format("C02")))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("≥98%", "≤98%", Reason.OPPOSITE),
        ("≤98%", "≤95%", Reason.CONTRARY),
        ("≥98%", "98%", Reason.OPERATOR),
        ("≥98%", "298%", Reason.SUSPECT),
        ("98%", "约99%", Reason.ABOUT),
        ("同比增长5%", "环比增长5%", Reason.BASE),
        ("不断提升", "大幅提升", Reason.WORDS),
        ("1项；2次", "1项；1次", Reason.UNREAD),
    ],
)
def test_what_is_unclear_says_why(old: str, new: str, reason: Reason) -> None:
    verdict = _verdict("质量指标", "培训合格率", old, new)
    assert verdict == Verdict(Kind.TARGET_UNCLEAR, reason)


@st.composite
def alike(draw: st.DrawFn) -> Project:
    """A project whose rows are like those of others."""
    project = draw(projects(FORM))
    names = st.sampled_from(("群众满意度", "企业满意度", "满意度", "办理件数", "办理事项数"))
    values = st.sampled_from(("≥98%", "≥95%", "980 项", "不断提升", None))
    rows = (replace(row, name=draw(names), value=draw(values)) for row in project.indicators)
    return replace(project, indicators=tuple(rows))


def _version(project: Project, stem: str) -> Version:
    name = f"targets/2024/999001/{stem}.yml"
    about = rules.subject(project, FORM, SCHEMAS.words, SCHEMAS.terms, ProjectId(2024, "999001", stem))
    return Version(name, about.id, about)


files = st.dictionaries(st.sampled_from("甲乙丙丁"), projects(FORM) | alike(), max_size=2)
some = settings(max_examples=60, deadline=None)


def _compared(
    old: dict[str, Project], new: dict[str, Project], *, turned: bool = False
) -> tuple[Change, ...]:
    sides = [[_version(project, stem) for stem, project in side.items()] for side in (old, new)]
    before, after = (tuple(reversed(side) if turned else side) for side in sides)
    return diff.changes(before, after, SCHEMAS.words)


@some
@given(files)
def test_what_did_not_change_has_no_changes(same: dict[str, Project]) -> None:
    assert _compared(same, same) == ()


@some
@given(files, files)
def test_the_order_of_files_changes_nothing(old: dict[str, Project], new: dict[str, Project]) -> None:
    assert _compared(old, new) == _compared(old, new, turned=True)


@some
@given(files, files)
def test_something_that_differs_is_always_told(old: dict[str, Project], new: dict[str, Project]) -> None:
    assert bool(_compared(old, new)) == (old != new)


@some
@given(files, files)
def test_backwards_what_came_has_gone(old: dict[str, Project], new: dict[str, Project]) -> None:
    forth, back = ([change.kind for change in _compared(*pair)] for pair in ((old, new), (new, old)))
    for came, gone in (
        (Kind.PROJECT_ADDED, Kind.PROJECT_REMOVED),
        (Kind.INDICATOR_ADDED, Kind.INDICATOR_REMOVED),
        (Kind.GOAL_ADDED, Kind.GOAL_REMOVED),
        (Kind.FUNDING_RAISED, Kind.FUNDING_LOWERED),
    ):
        assert forth.count(came) == back.count(gone)


_scores = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 50), max_size=20)


def _total(scores: dict[tuple[int, int], int], row: int = 0, taken: frozenset[int] = frozenset()) -> int:
    """The highest total by trying everything."""
    if row > 4:
        return 0
    columns = [column for one, column in scores if one == row and column not in taken]
    with_row = (scores[row, column] + _total(scores, row + 1, taken | {column}) for column in columns)
    return max(_total(scores, row + 1, taken), *with_row, 0)


@given(_scores)
def test_the_pairing_has_the_highest_total_there_is(scores: dict[tuple[int, int], int]) -> None:
    pairs = best(scores)
    assert len(set(pairs.values())) == len(pairs)
    assert sum(scores[pair] for pair in pairs.items()) == _total(scores)
