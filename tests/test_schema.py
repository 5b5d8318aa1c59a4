from __future__ import annotations

import copy
import json
import pickle
import shutil
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from builder import schema, source
from builder.errors import SchemaError
from builder.form import FundingBlock, GoalsBlock, IndicatorsBlock, printed
from builder.shape import SHAPE_CODES

if TYPE_CHECKING:
    from builder.form import Layout
    from builder.problem import Finding

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "schema"
SCHEMAS = schema.load(FOLDER)
RAW: dict[str, dict[str, Any]] = {
    path.name: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.schema.json")
}
RUST = jsonschema_rs.Draft202012Validator(
    RAW["project.schema.json"],
    registry=jsonschema_rs.Registry([(f"json-schema:///{name}", text) for name, text in RAW.items()]),
)
PLAIN = Draft202012Validator(
    RAW["project.schema.json"],
    registry=Registry().with_resources((name, Resource.from_contents(text)) for name, text in RAW.items()),
)
QUANTITY = ("绩效指标", "产出指标", "数量指标")
GOOD: dict[str, Any] = {
    "表样": "ningxia-2024",
    "年度": 2024,
    "序号": 1,
    "项目名称": "示例项目",
    "主管部门": "示例局",
    "部门代码": "067001",
    "实施单位": "示例局本级",
    "项目属性": "02-经常性项目",
    "项目期": "1 年",
    "项目资金": {"年度资金总额": Decimal("13.00"), "财政拨款": Decimal("13.00"), "其他资金": 0},
    "年度总体目标": ["第一条", "第二条"],
    "绩效指标": {
        "产出指标": {
            "数量指标": [{"三级指标": "件数", "指标值": "980 项"}, {"三级指标": "面积", "指标值": None}]
        },
        "满意度指标": {"服务对象满意度指标": [{"三级指标": "满意度", "指标值": "≥98%", "权重": 10}]},
    },
    "曾用路径": ["2023/067001/旧名"],
    "调整记录": [{"日期": "2024-09-10", "批复文号": "示例财发〔2024〕30 号", "原因": "年中追加预算"}],
    "豁免": [{"规则": "C02", "指标": "面积", "理由": "批复原文没有值"}],
}
CENTRAL = source.parse((ROOT / "tests/examples/good/central-2021.yml").read_bytes(), "central-2021.yml")
DELETED = object()


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The good project with one value replaced, added or, for ``DELETED``, taken away."""
    data = copy.deepcopy(GOOD)
    where: Any = data
    for step in path[:-1]:
        where = where[step]
    if value is DELETED:
        del where[path[-1]]
    else:
        where[path[-1]] = value
    return data


def found(data: dict[str, Any], kind: schema.Kind = "project") -> list[Finding]:
    return list(schema.validate(data, SCHEMAS, kind))


# What is changed, to what, and the finding: code, path, a piece of message and hint.
FAULTS: list[tuple[tuple[str | int, ...], object, str, tuple[str | int, ...], str]] = [
    (("项目名",), "甲", "S01", ("项目名",), "是不是想写“项目名称”"),
    (("数量指标",), [], "S01", ("数量指标",), "应写在“绩效指标 → 产出指标”之下"),
    (("理由",), "甲", "S01", ("理由",), "应写在“一条豁免”之下"),
    (("项目资金", "上年结转"), 0, "S01", ("项目资金", "上年结转"), "表样“central-2021”才有"),
    (("绩效指标", "环境效益"), {}, "S01", ("绩效指标", "环境效益"), "是不是想写“效益指标”"),
    (
        ("绩效指标", "产出指标", "生态效益"),
        [],
        "S01",
        ("绩效指标", "产出指标", "生态效益"),
        "是不是想写“绩效指标 → 效益指标”之下的“生态效益指标”",
    ),
    (("𠮷",), 1, "S01", ("𠮷",), "请对照表样"),
    ((*QUANTITY, 0, "单位"), "项", "S01", (*QUANTITY, 0, "单位"), "这里可以写：“三级指标”"),
    (("项目名称",), DELETED, "S02", (), "请补上：项目名称: 政府长聘人员经费"),
    (("部门代码",), DELETED, "S02", (), '请补上：部门代码: "067001"'),
    (("绩效指标",), DELETED, "S02", (), "其下缩进写“产出指标”"),
    (("年度总体目标",), DELETED, "S02", (), "以“- ”开头"),
    (("项目资金", "年度资金总额"), DELETED, "S02", ("项目资金",), "年度资金总额: 64.8605"),
    ((*QUANTITY, 0, "三级指标"), DELETED, "S02", (*QUANTITY, 0), "第 1 项里缺少“三级指标”"),
    (("豁免", 0, "理由"), DELETED, "S02", ("豁免", 0), "缺少“理由”"),
    (("调整记录", 0, "原因"), DELETED, "S02", ("调整记录", 0), "缺少“原因”"),
    (("部门代码",), 167001, "S03", ("部门代码",), '请加引号：部门代码: "167001"'),
    (("项目名称",), True, "S03", ("项目名称",), '请加引号：项目名称: "true"'),
    ((*QUANTITY, 0, "指标值"), Decimal("10376.01"), "S03", (*QUANTITY, 0, "指标值"), '"10376.01"'),
    (("年度总体目标", 1), 3, "S03", ("年度总体目标", 1), '请加引号：- "3"'),
    (("年度总体目标", 1), {"目标 2": "甲"}, "S03", ("年度总体目标", 1), "整段加引号"),
    (("项目名称",), ["甲"], "S03", ("项目名称",), "请写成一行文字"),
    (("项目资金", "财政拨款"), "1,300.50 万元", "S03", ("项目资金", "财政拨款"), "财政拨款: 1300.50"),
    (("项目资金", "财政拨款"), "无", "S03", ("项目资金", "财政拨款"), "例如：财政拨款: 64.8605"),
    (("项目资金", "财政拨款"), None, "S03", ("项目资金", "财政拨款"), "没有就写 0"),
    (("年度",), "2024 年", "S03", ("年度",), "年度: 2024"),
    (("年度",), Decimal("2024.0"), "S03", ("年度",), "小数 2024.0"),
    (("年度",), [], "S03", ("年度",), "只写整数"),
    (("年度总体目标",), "甲", "S03", ("年度总体目标",), "每项一行，以“- ”开头"),
    (QUANTITY, {"三级指标": "甲"}, "S03", QUANTITY, "第一行前加“- ”"),
    (("项目资金",), Decimal("13.00"), "S03", ("项目资金",), "请另起一行，缩进后写“年度资金总额”"),
    (("绩效指标", "产出指标"), [], "S03", ("绩效指标", "产出指标"), "请去掉“- ”"),
    (("表样",), "ningxia2024", "S04", ("表样",), "是不是想写“ningxia-2024”"),
    (("表样",), ["ningxia-2024"], "S04", ("表样",), "可以写：“ningxia-2024”、“central-2021”"),
    (("部门代码",), "06A", "S05", ("部门代码",), "只写数字，3 到 21 位"),
    (("部门代码",), "067001\n", "S05", ("部门代码",), "只写数字"),
    (("曾用路径", 0), "2024/067001/旧名.", "S05", ("曾用路径", 0), "2023/067001/政务大厅运行经费"),
    (("曾用路径", 0), "2024/067001/../旧名", "S05", ("曾用路径", 0), "不带 targets/"),
    (("曾用路径", 0), "targets/2024/067001/旧名", "S05", ("曾用路径", 0), "不带 targets/"),
    (("调整记录", 0, "日期"), "2024-9-10", "S05", ("调整记录", 0, "日期"), "2024-02-08"),
    (("豁免", 0, "规则"), "C02、C04", "S05", ("豁免", 0, "规则"), "只写一个编号"),
    (("项目名称",), "", "S05", ("项目名称",), "“项目名称”是空的"),
    (("项目名称",), "\u3000 \u200b", "S05", ("项目名称",), "“项目名称”是空的"),
    (("实施单位",), None, "S05", ("实施单位",), "“实施单位”没有填写"),
    ((*QUANTITY, 0, "指标值"), " ", "S05", (*QUANTITY, 0, "指标值"), "是空的"),
    (("项目名称",), "长" * 201, "S05", ("项目名称",), "有 201 个字，最多 200 个"),
    (("年度",), 1999, "S06", ("年度",), "应在 2000 到 2100 之间"),
    (("序号",), 0, "S06", ("序号",), "应不小于 1"),
    ((*QUANTITY, 0, "权重"), Decimal("100.5"), "S06", (*QUANTITY, 0, "权重"), "应在 0 到 100 之间"),
    (("年度总体目标",), [], "S07", ("年度总体目标",), "是空的"),
    (("年度总体目标",), None, "S07", ("年度总体目标",), "没有填写"),
    (QUANTITY, [], "S07", QUANTITY, "连键一起删去"),
    (("绩效指标", "产出指标"), {}, "S07", ("绩效指标", "产出指标"), "“数量指标”"),
]
DEPARTMENT_FAULTS = [
    ({}, "S02", (), "部门名称: 平罗县审批服务管理局"),
    ({"部门名称": "甲", "批复日期": "2024-2-8"}, "S05", ("批复日期",), "2024-02-08"),
    ({"部门名称": "甲", "公开日期": "2023-02-29"}, "S05", ("公开日期",), "真的存在"),
    ({"部门名称": "甲", "公开网址": "www.example.gov.cn"}, "S05", ("公开网址",), "https://"),
    ({"部门名称": "甲", "公开网址": "javascript:alert(1)"}, "S05", ("公开网址",), "https://"),
    ({"部门名称": "甲", "联系电话": 9521234567}, "S03", ("联系电话",), '"9521234567"'),
    ({"部门名称": "甲", "电话": "1"}, "S01", ("电话",), "是不是想写“联系电话”"),
]


def test_the_good_examples_have_no_findings() -> None:
    document, problems = CENTRAL
    assert document is not None
    assert problems == ()
    assert found(GOOD) == found(document.data) == []
    assert found({"部门名称": "甲", "公开日期": "2024-02-29"}, "department") == []


@pytest.mark.parametrize(("path", "value", "code", "at", "words"), FAULTS)
def test_every_fault_is_found_at_its_path_with_advice(
    path: tuple[str | int, ...], value: object, code: str, at: tuple[str | int, ...], words: str
) -> None:
    (finding,) = found(changed(path, value))
    assert (finding.code, finding.path, finding.on_key) == (code, at, code == "S01")
    assert words in f"{finding.message} {finding.hint}"
    assert finding.hint


@pytest.mark.parametrize(("data", "code", "at", "words"), DEPARTMENT_FAULTS)
def test_a_department_file_is_checked_alike(
    data: dict[str, Any], code: str, at: tuple[str], words: str
) -> None:
    (finding,) = found(data, "department")
    assert (finding.code, finding.path) == (code, at)
    assert words in f"{finding.message} {finding.hint}"


def test_every_code_has_an_example() -> None:
    assert {code for _, _, code, _, _ in FAULTS} == {*SHAPE_CODES}


def test_several_faults_come_in_one_run_in_order_each_once() -> None:
    data = changed(("项目资金",), {"财政拨款": "无", "其它": 1}) | {"年度": "x", "表样": "ningxia"}
    codes = [(finding.code, finding.path) for finding in found(data)]
    assert codes == [
        ("S03", ("年度",)),
        ("S04", ("表样",)),
        ("S02", ("项目资金",)),
        ("S01", ("项目资金", "其它")),
        ("S03", ("项目资金", "财政拨款")),
    ]


def test_no_finding_repeats_the_validators_english() -> None:
    for path, value, *_ in FAULTS:
        for finding in found(changed(path, value)):
            words = finding.message + finding.hint
            assert not {"is not", "required", "does not", "unexpected", "match", "None"} & {*words.split()}


def agree(data: dict[str, Any]) -> None:
    """Ours on resolved schemas, the same validator on plain ones, and another validator say the same."""
    readable = json.loads(json.dumps(data, default=float))
    assert (not found(data), PLAIN.is_valid(data)) == (RUST.is_valid(readable),) * 2, data


@pytest.mark.parametrize(("path", "value"), [fault[:2] for fault in FAULTS if fault[1] != Decimal("2024.0")])
def test_validators_agree_on_the_faults(path: tuple[str | int, ...], value: object) -> None:
    agree(GOOD)
    agree(changed(path, value))


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps: list[Any] = [*value.items()] if isinstance(value, dict) else []
    steps = [*enumerate(value)] if isinstance(value, list) else steps
    return [path, *(inner for step, item in steps for inner in paths(item, (*path, step)))][not path :]


VALUES = st.one_of(
    st.just(DELETED),
    st.sampled_from(["ningxia-2024", "central-2021", "C01", "067001", [], {}, ["甲"], {"三级指标": "甲"}]),
    st.text(max_size=4),
    st.text(alphabet=" \t\n\r\x0b\x1c\x85\xa0\u2028\u200b\u3000\ufeff", max_size=3),
    st.integers(-10, 3000) | st.booleans() | st.none(),
    st.decimals(-5, 200, places=3).filter(lambda number: number != int(number)),
)


@settings(max_examples=200, deadline=None)
@given(path=st.sampled_from(paths(GOOD)), value=VALUES)
def test_validators_agree_on_any_change(path: tuple[str | int, ...], value: object) -> None:
    agree(changed(path, value))


GROUPS = sorted({path[:-1] for path in paths(GOOD) if path and isinstance(path[-1], str)}, key=str)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("key", ["上年结转", "备注", "执行率分值", "甲", "表样"])
def test_validators_agree_on_extra_keys(group: tuple[str | int, ...], key: str) -> None:
    agree(changed((*group, key), "甲"))


@pytest.mark.parametrize("name", sorted(RAW))
def test_every_schema_is_valid_and_named_after_its_file(name: str) -> None:
    Draft202012Validator.check_schema(RAW[name])
    assert RAW[name]["$id"] == name
    assert all(key.isascii() for key in RAW[name].get("$defs", {}))
    assert "\\d" not in json.dumps(RAW[name])


def properties(node: dict[str, Any], path: str) -> list[tuple[str, dict[str, Any]]]:
    inner = [(f"{path}/{key}", value) for key, value in node.get("properties", {}).items()]
    deeper = [item for where, value in inner for item in properties(value, where)]
    return [*inner, *deeper, *(properties(node["items"], path) if "items" in node else [])]


@pytest.mark.parametrize("name", [*SCHEMAS.forms, "department"])
def test_every_property_has_hover_texts_whose_examples_are_right(name: str) -> None:
    for path, node in properties(SCHEMAS.resolved[name], name):
        assert {"title", "description", "examples", "markdownDescription"} <= {*node}, path
        assert all(mark in node["markdownDescription"] for mark in ("填什么", "例", "常见错误")), path
        own = [text for text in node["examples"] if not node.get("const") or text == node["const"]]
        assert own, path
        assert all(Draft202012Validator(node).is_valid(example) for example in own), path


@pytest.mark.parametrize("name", [*SCHEMAS.forms, "department"])
def test_every_group_of_keys_is_closed(name: str) -> None:
    nodes = [SCHEMAS.resolved[name], *(node for _, node in properties(SCHEMAS.resolved[name], ""))]
    nodes += [node["items"] for node in nodes if "items" in node]
    assert all(node["additionalProperties"] is False for node in nodes if "properties" in node)


@pytest.mark.parametrize("form", SCHEMAS.forms.values(), ids=lambda form: form.id)
def test_every_field_is_printed_exactly_once(form: schema.Form) -> None:
    columns = ["一级指标", "二级指标", "三级指标", "指标值", *(["权重"] if form.weight_total else [])]
    elsewhere = {"表样", "年度", "序号", "公开", "曾用路径", "调整记录", "豁免", "项目资金", "绩效指标"}
    fields = [field.key for field in form.fields if field.key not in elsewhere]
    funds = [form.total.key, *(fund.key for fund in form.funds)]
    funds += [form.execution.key] if form.execution else []
    assert sorted(printed(form.layout)) == sorted([*fields, *funds, *columns])
    assert "{年度}" in form.subtitle


def blocks(layout: Layout) -> list[type]:
    return [type(row) for row in layout.rows][-3:]


def test_the_forms_say_what_the_printed_ones_say() -> None:
    ningxia, central = SCHEMAS.forms.values()
    assert [len(level1.level2) for level1 in ningxia.level1] == [4, 4, 1]
    assert [slot.name for _, slot in ningxia.slots if slot.mark == "必填硬性指标"] == ["数量指标", "成本指标"]
    assert [slot.name for _, slot in ningxia.slots if not slot.required] == ["经济效益指标", "生态效益指标"]
    assert central.level1[0].name == "成本指标"
    assert [fund.key for fund in central.funds] == ["财政拨款", "上年结转", "其他资金"]
    assert blocks(ningxia.layout) == blocks(central.layout) == [FundingBlock, GoalsBlock, IndicatorsBlock]
    assert "请与当地财政部门下发的表样核对" in central.description


def broken(folder: Path, name: str, old: str, new: str) -> str:
    """The sentence with which a copy of the schemas is refused after one replacement in one file."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        schema.load(folder)
    return str(caught.value)


def test_a_schema_of_another_dialect_is_read_as_before_and_fetched_from_nowhere(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    for path in tmp_path.glob("*.schema.json"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("https://json-schema.org/", "http://dialect.invalid/"), encoding="utf-8")
    assert schema.load(tmp_path).forms == SCHEMAS.forms


def test_examples_in_a_schema_may_say_anything(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "common.schema.json"
    example = '"examples": [{"patternProperties": 5, "pattern": {}}], "$schema"'
    path.write_text(path.read_text(encoding="utf-8").replace('"$schema"', example, 1), encoding="utf-8")
    assert schema.load(tmp_path).forms == SCHEMAS.forms


NINGXIA = "ningxia-2024.schema.json"


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (NINGXIA, "{", "", "不是正确的 JSON"),
        (NINGXIA, '"type": "object"', '"type": "objekt"', "不符合 JSON Schema 2020-12"),
        ("common.schema.json", '"pattern": "', '"pattern": "(', "不符合 JSON Schema 2020-12"),
        (NINGXIA, '"x-required": true', '"x-required": "是"', "“x-required”要写true 或 false"),
        (NINGXIA, '"x-role": "total"', '"x-role": "sum"', "“x-role”不能是“sum”"),
        (NINGXIA, '"x-role": "total"', '"x-role": "source"', "要有一个总额"),
        (NINGXIA, '"fields": ["项目名称"],', '"fields": ["项目名称"], "label": "甲",', "“fields”有 1 项"),
        (NINGXIA, '"columns": 4', '"columns": 3', "x-print 第 1 行共占 5 列，应占 6 列"),
        (NINGXIA, '"fields": ["项目期"]', '"fields": ["工期"]', "要印的“工期”不是这份表样的栏目"),
        (NINGXIA, '"id": "ningxia-2024"', '"id": "ningxia-2025"', "都应是 ningxia-2024"),
        (NINGXIA, "#/$defs/unit", "#/$defs/units", "引用的“common.schema.json#/$defs/units”不存在"),
        (NINGXIA, '"minProperties": 1', '"dependentRequired": {}', "没有与它对应的中文说明"),
        (NINGXIA, '"x-mark": "必填硬性指标",', '"minItems": 2,', "不同的“minItems”"),
        ("common.schema.json", '"#/$defs/indicator"', '"#/$defs/indicators"', "绕回了自己"),
        ("project.schema.json", "central-2021", "central-2022", "没有 central-2022.schema.json"),
        (
            "project.schema.json",
            '"then": { "$ref": "central-2021',
            '"then": { "$ref": "ningxia-2024',
            "没有按",
        ),
    ],
)
def test_a_broken_schema_is_named_with_what_is_wrong(
    tmp_path: Path, name: str, old: str, new: str, words: str
) -> None:
    assert words in broken(tmp_path, name, old, new)


def test_a_missing_schema_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"没有 project\.schema\.json"):
        schema.load(tmp_path)


def test_schemas_in_use_can_be_sent_to_another_process() -> None:
    assert found({}) != []
    copied = pickle.loads(pickle.dumps(SCHEMAS))  # noqa: S301  our own bytes
    assert copied == SCHEMAS
    assert list(schema.validate({}, copied, "project")) == found({})


def test_the_default_folder_is_beside_the_package() -> None:
    assert schema.default_folder() == FOLDER


def test_all_published_projects_fit_their_forms_in_an_independent_reading() -> None:
    files = sorted(ROOT.glob("targets/*/*/*.yml"))
    for path in files:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name != "部门.yml":
            assert [error.message for error in RUST.iter_errors(data)] == [], path.name
