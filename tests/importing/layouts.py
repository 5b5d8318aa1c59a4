"""The corpus: one layout for each arrangement of columns that some place prints, and the oddities of each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.importing.drawing import Box, Layout, before, body_rows, form, head_row, indicators, widened
from tests.importing.record import CENTRAL, NINGXIA, SECOND, THIRD

if TYPE_CHECKING:
    from tests.importing.drawing import Part, Rows

TITLE = ("部门项目支出预算绩效目标表 {number}", "（{year} 年度）")
PLAIN_TITLE = ("项目支出绩效目标表", "（{year}年度）")
OWNER = "主管部门及代码::2 | {department} {code} | 实施单位 | {unit}"
FUNDS = (
    "项目资金（万元）::1/3 | 年度资金总额： | {total}",
    "其中：财政拨款 | {appropriation}",
    "其他资金 | {other}",
)
GOALS = "年度总体目标 | {goals}"
HEAD = (
    "项目名称::2 | {name}",
    OWNER,
    "项目属性::2 | {attribute} | 项目期 | {period}",
    *FUNDS,
    GOALS,
)
LEVELS = (("一级指标", "level1"), ("二级指标", "level2"), ("三级指标", "name"))
FOUR = (*LEVELS, ("指标值", "value"))
SPLIT = (*LEVELS, ("指标性质", "op"), ("指标值", "number"), ("度量单位", "unit"))

NAMES = frozenset({"年度", "项目名称", "主管部门", "部门代码", "实施单位"})
MONEY = frozenset({"年度资金总额", "财政拨款", "其他资金"})
ALL = NAMES | MONEY | {"年度总体目标"}
NINGXIA_FIELDS = ALL | {"序号", "项目属性", "项目期"}
CENTRAL_FIELDS = ALL | {"上年结转", "执行率分值"}

CENTRAL_HEAD = (
    "项目名称 | {name}",
    "主管部门及代码 | {department} {code}::3 | 实施单位 | {unit}",
    "项目资金（万元）::1/4 | 年度资金总额：::2 | {total}::2 | 执行率分值（10）::1/4 | 10::1/4",
    "其中：财政拨款::2 | {appropriation}::2",
    "上年结转::2 | {carried}::2",
    "其他资金::2 | {other}::2",
    "年度总体目标 | {goals}",
)
SHEET_HEAD = (
    "单位名称：{unit} | 单位：万元",
    "项目名称::2 | {name}",
    "主管部门::2 | {department} | 部门代码 | {code}",
    "实施单位::2 | {unit}",
    "年度资金总额::2 | {total} | 财政拨款 | {appropriation}",
    "年度绩效目标::2 | {goals_in_one}",
)
SHEET_FIELDS = NAMES | {"年度资金总额", "财政拨款", "年度总体目标"}


def _below_two_levels(layout: Layout) -> list[Part]:
    """满意度指标 printed over both columns of levels."""
    parts = [part for record in layout.records for part in form(layout, record)]
    table = parts[-1]
    assert isinstance(table, list)
    for row in table:
        for at, box in enumerate(row):
            if box.text == "满意度指标":
                row[at : at + 2] = [Box("满意度指标", 2, box.rows)]
    return parts


def _beside(layout: Layout) -> list[Part]:
    """The form of 2015: 实施期 on the left, 年度 on the right, 一级指标 shared."""
    record = layout.records[0]
    body = body_rows(layout, record)
    body[0].insert(0, Box("绩效指标", rows=len(body) + 1))
    heading = [Box("一级指标"), *(Box(word) for word in ("二级指标", "三级指标", "指标值") * 2)]
    rows = [head_row(text, record) for text in layout.head]
    block, *first = body[0]
    return [*before(layout, record), widened([*rows, [block, *heading], first, *body[1:]], 8)]


def _stacked(layout: Layout) -> list[Part]:
    """长期 above, 年度 below, each with a heading of its own."""
    record = layout.records[0]
    rows = [head_row(text, record) for text in layout.head]
    long = replace(
        record,
        rows=tuple(replace(row, name=f"长期：{row.name}", number="777") for row in record.rows[:3]),
    )
    above = indicators(replace(layout, block="长期绩效指标"), long)
    below = indicators(replace(layout, block="年度绩效指标"), record)
    return [*before(layout, record), widened([*rows, *above, *below], layout.width)]


def _two_headings(layout: Layout) -> list[Part]:
    """指标值 over 性质, 数值 and 单位."""
    record = layout.records[0]
    body = body_rows(layout, record)
    rows = [head_row(text, record) for text in layout.head]
    top = [
        Box("一级指标", rows=2),
        Box("二级指标", rows=2),
        Box("三级指标", rows=2),
        Box("指标值", columns=3),
    ]
    return [*before(layout, record), widened([*rows, top, [Box("性质"), Box("数值"), Box("单位")], *body], 6)]


def _listed(layout: Layout) -> list[Part]:
    """Several projects in one table: their own facts in the first columns, merged or named once."""
    rows: Rows = [[Box(title) for title, _ in layout.columns]]
    for record in layout.records:
        own = [key for _, key in layout.columns if key.startswith("{")]
        body = body_rows(replace(layout, columns=layout.columns[len(own) :]), record)
        for number, row in enumerate(body):
            facts = [head_row(key, record)[0].text for key in own]
            if layout.levels == "merged" and number == 0:
                row[:0] = [Box(text, rows=len(body)) for text in facts]
            elif layout.levels != "merged":
                row[:0] = [Box(text if number == 0 or layout.levels == "repeated" else "") for text in facts]
        rows += body
    return [*before(layout, layout.records[0]), rows]


def _next_page(layout: Layout) -> list[Part]:
    """The table broken in two, the heading printed again."""
    parts = [part for record in layout.records for part in form(replace(layout, levels="repeated"), record)]
    table = parts[-1]
    assert isinstance(table, list)
    cut = len(table) - 4
    at = next(number for number, row in enumerate(table) if any(box.text == "三级指标" for box in row))
    return [*parts[:-1], table[:cut], [list(table[at]), *table[cut:]]]


def _with_a_department(layout: Layout) -> list[Part]:
    """The form of the whole department before that of a project."""
    whole: Rows = [
        [Box("部门名称"), Box("示例县示例局", 3)],
        [Box("年度总体目标"), Box("部门的目标", 3)],
        [Box("一级指标"), Box("二级指标"), Box("三级指标"), Box("指标值")],
        [Box("产出指标"), Box("数量指标"), Box("部门的指标"), Box("3 项")],
    ]
    return ["部门整体支出绩效目标表", "（2024年度）", whole, *form(layout, layout.records[0])]


def _uneven(layout: Layout) -> list[Part]:
    """Borders of the rows that do not line up with those of the heading, as in many Word tables."""
    record = layout.records[0]
    body = body_rows(layout, record)
    for row in body:
        row[-2:] = [replace(row[-2], columns=3), row[-1]]
    body[0].insert(0, Box("绩效指标", rows=len(body)))
    heading = [*map(Box, ("名称", "一级指标", "二级指标")), Box("三级指标", 2), Box("指标值", 2)]
    rows = [head_row(text, record) for text in layout.head]
    return [*before(layout, record), widened([*rows, heading, *body], 7)]


def _centred(layout: Layout) -> list[Part]:
    """Labels in the middle of their rows, as text taken out of a PDF has them."""
    record = layout.records[0]
    body = body_rows(replace(layout, levels="repeated"), record)
    names = [[row[0].text for row in body], [row[1].text for row in body]]
    for column, texts in enumerate(names):
        for number, text in enumerate(texts):
            first = texts.index(text)
            middle = first + (texts.count(text) - 1) // 2 + (texts.count(text) % 2 == 0)
            body[number][column] = Box(text if number == middle else "")
    heading = [Box(title) for title, _ in layout.columns]
    rows = [head_row(text, record) for text in layout.head]
    return [*before(layout, record), widened([*rows, heading, *body], layout.width)]


def _merged_column(layout: Layout) -> list[Part]:
    """分值 given to each 二级指标 in one merged cell."""
    parts = form(layout, layout.records[0])
    made: list[Part] = []
    for part in parts:
        if not isinstance(part, str):
            for number, row in enumerate(part):
                spans = [box.rows for box in row if box.text.endswith("指标") and box.text in _LEVEL2]
                if spans and spans[0] > 1:
                    row[-1] = replace(row[-1], rows=spans[0])
                    for below in part[number + 1 : number + spans[0]]:
                        del below[-1]
        made.append(part)
    return made


_LEVEL2 = {row.level2 for row in (*NINGXIA.rows, *CENTRAL.rows)}


def _without(*keys: str) -> frozenset[str]:
    return ALL - set(keys)


LAYOUTS = (
    Layout("宁夏平罗 2024：六栏", FOUR, NINGXIA_FIELDS, head=HEAD, before=TITLE, corner="名称"),
    Layout("绩效指标连表头一起跨行", FOUR, NINGXIA_FIELDS, head=HEAD, before=TITLE),
    Layout(
        "标题和年度在表格里",
        FOUR,
        NINGXIA_FIELDS,
        head=("部门项目支出预算绩效目标表 {number}::5", "（{year} 年度）::5", *HEAD),
        corner="名称",
    ),
    Layout(
        "栏目名称里有空格、换行和全角字符",
        (
            ("一 级 指 标", "level1"),
            ("二级⏎指标".replace("⏎", "\n"), "level2"),
            ("三级指标＊", "name"),
            ("指 标 值", "value"),
        ),
        NINGXIA_FIELDS,
        head=(
            "项 目 名 称::2 | {name}",
            "主管部门⏎及代码::2 | {department} {code} | 实 施 单 位 | {unit}",
            "项目　属性::2 | {attribute} | 项目期： | {period}",
            "项目资金⏎（万 元）::1/3 | 年度资金总额 ： | {total}",
            "其中:  财政拨款 | {appropriation}",
            "其 他 资 金 | {other}",
            "年⏎度⏎总⏎体⏎目⏎标 | {goals}",
        ),
        before=("部门项目支出预算绩效目标表  {number}", "( {year}年度 )"),
        corner="名  称",
        block="绩⏎效⏎指⏎标".replace("⏎", "\n"),
        rename={
            "产出指标": "产出 指标",
            "数量指标": "数量指标\n（必填硬性指标）",
            "质量指标": "质量指标(必填)",
            "服务对象满意度指标": "服务对象\n满意度指标（必填）",
        },
    ),
    Layout(
        "栏目和内容写在同一格",
        FOUR,
        NINGXIA_FIELDS,
        before=(
            *TITLE,
            "项目名称：{name}",
            "主管部门及代码：{department} {code}",
            "实施单位：{unit}",
            "项目属性：{attribute}",
            "项目期：{period}",
        ),
        head=(*FUNDS, GOALS),
        corner="名称",
    ),
    Layout(
        "栏目在上、内容在下",
        FOUR,
        NAMES | {"年度总体目标", "项目属性", "项目期"},
        head=(
            "项目名称::2 | 项目属性 | 项目期 | 部门代码",
            "{name}::2 | {attribute} | {period} | {code}",
            "主管部门::2 | 实施单位",
            "{department}::2 | {unit}",
            "年度总体目标::5",
            "{goals}::5",
        ),
        before=("项目支出绩效目标表", "（{year}年度）"),
        corner="名称",
        skip=("tsv", "md"),
    ),
    Layout(
        "一级、二级不合并，只写一次",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        corner="名称",
        levels="blank",
    ),
    Layout(
        "一级、二级每行都写", FOUR, NINGXIA_FIELDS, head=HEAD, before=TITLE, corner="名称", levels="repeated"
    ),
    Layout(
        "一级、二级写简称",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        rename={
            "产出指标": "产出",
            "效益指标": "效益",
            "满意度指标": "满意度",
            "数量指标": "数量",
            "质量指标": "质量",
            "社会效益指标": "社会效益",
            "可持续影响指标": "可持续影响",
        },
    ),
    Layout(
        "满意度在效益之下",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        levels="repeated",
        rename={"满意度指标": "效益指标"},
        flags=frozenset({"I06"}),
    ),
    Layout(
        "满意度指标横跨一级和二级",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        draw=_below_two_levels,
        skip=("tsv", "md"),
        flags=frozenset({"I06"}),
    ),
    Layout(
        "中央 2021：成本单列，有权重和执行率",
        (*FOUR, ("分值权重（90）", "weight")),
        CENTRAL_FIELDS,
        form="central-2021",
        head=CENTRAL_HEAD,
        before=PLAIN_TITLE,
        records=(CENTRAL,),
    ),
    Layout(
        "成本单列，没有权重",
        FOUR,
        ALL | {"上年结转"},
        form="central-2021",
        head=(
            *HEAD[:2],
            "项目资金（万元）::1/4 | 年度资金总额： | {total}",
            *FUNDS[1:2],
            "上年结转 | {carried}",
            FUNDS[2],
            GOALS,
        ),
        before=PLAIN_TITLE,
        records=(CENTRAL,),
    ),
    Layout(
        "2015 年表：实施期和年度左右并列",
        (
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("三级指标", "long_name"),
            ("指标值", "long_value"),
            ("二级指标", "level2"),
            ("三级指标", "name"),
            ("指标值", "value"),
        ),
        NINGXIA_FIELDS - {"序号"},
        head=(
            "项目名称::2 | {name}",
            "主管部门及代码::2 | {department} {code}::3 | 实施单位 | {unit}",
            "项目属性::2 | {attribute}::3 | 项目期 | {period}",
            "项目资金（万元）::1/3 | 实施期资金总额：::2 | {long_total} | 年度资金总额：::2 | {total}",
            "其中：财政拨款::2 | {long_appropriation} | 其中：财政拨款::2 | {appropriation}",
            "其他资金::2 | {long_other} | 其他资金::2 | {other}",
            "总体目标::1/2 | 实施期目标（2024 年—2026 年）::3 | 年度目标",
            "{long_goal}::3 | {goals}",
        ),
        before=("项目支出绩效目标申报表", "（2024年度）"),
        draw=_beside,
        flags=frozenset({"I12"}),
        skip=("tsv", "md"),
    ),
    Layout(
        "左右并列，上面写明实施期和年度",
        (
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("三级指标", "long_name"),
            ("指标值", "long_value"),
            ("三级指标", "name"),
            ("指标值", "value"),
        ),
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        group=" ::3 | 实施期绩效指标::2 | 年度绩效指标::2",
        skip=("tsv", "md"),
    ),
    Layout(
        "湖南：长期、年度上下两块，指标内容和备注",
        (
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("指标内容", "name"),
            ("指标值", "value"),
            ("备注", "note"),
        ),
        _without("其他资金"),
        head=(
            "项目名称 | {name}::2 | 项目性质 | 新增□ 延续☑",
            "主管部门及代码 | {department} {code}::2 | 实施单位 | {unit}",
            "项目负责人 | 示例甲::2 | 起止时间 | 2024 年 1 月至 12 月",
            "项目资金（万元）::1/5 | 年度资金总额 | {total}",
            "财政拨款 | {appropriation}",
            "其中：上级财政 | 100.00",
            "本级财政 | 18.00",
            "自有资金 | {other}",
            "立项依据 | 示例文件规定应当开展",
            "可行性 | 示例条件具备",
            "进度计划 | 上半年完成五期",
            "长期目标 | {long_goal}",
            "年度目标 | {goals}",
        ),
        before=PLAIN_TITLE,
        draw=_stacked,
    ),
    Layout(
        "陕西：联系电话和几种来源",
        (
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("指标内容", "name"),
            ("指标值", "value"),
            ("备注", "note"),
        ),
        ALL,
        head=(
            "项目名称::2 | {name} | 项目负责人 | 示例乙",
            "主管部门::2 | {department}（{code}） | 联系电话 | 0000-1234567",
            "实施单位::2 | {unit}",
            "资金金额（万元）::1/6 | 年度资金总额： | {total}",
            "其中：财政拨款 | {appropriation}",
            "自有资金 | 0",
            "事业收入 | 0",
            "经营性收入 | 0",
            "其他 | {other}",
            "年度目标 | {goals}",
        ),
        before=PLAIN_TITLE,
        flags=frozenset({"I11"}),
    ),
    Layout(
        "黑龙江：没有一级指标，三年金额并列",
        (
            ("二级指标", "level2"),
            ("三级指标", "name"),
            ("上年度实际水平", "last"),
            ("本年度计划水平", "value"),
            ("指标内容/计算公式", "explanation"),
        ),
        ALL,
        head=(
            "项目名称 | {name}",
            "主管部门及代码 | {department} {code}::2 | 实施单位 | {unit}",
            "项目类别 | ☑ 行政运行 □ 基本建设 □ 信息化",
            "项目资金（万元）::1/7 | 资金来源 | 上年预算 | 上年执行 | 本年申请",
            "年度资金总额 | 120.00 | 119.00 | {total}",
            "财政拨款 | 110.00 | 109.00 | {appropriation}",
            "政府性基金拨款 | 0 | 0 | 0",
            "财政专户拨款 | 0 | 0 | 0",
            "其他资金 | 10.00 | 10.00 | {other}",
            "事业基金弥补差额 | 0 | 0 | 0",
            "年度目标 | {goals}",
        ),
        before=PLAIN_TITLE,
        flags=frozenset({"I11"}),
    ),
    Layout(
        "湖北：绩效标准、前两年和当年",
        (
            *LEVELS,
            ("绩效标准", "standard"),
            ("前年指标值", "before_last"),
            ("上年指标值", "last"),
            ("当年预期实现值", "value"),
            ("指标值确定依据", "basis"),
        ),
        _without("其他资金"),
        head=(
            "项目名称::2 | {name}::3 | 项目类别 | 特定目标类",
            "主管部门及代码::2 | {department} {code}::3 | 实施单位 | {unit}",
            "项目性质::2 | 持续性项目",
            "立项依据::2 | 示例文件",
            "项目资金（万元）::2 | 前年执行数 | 上年执行数 | 本年预算数",
            "年度资金总额::2 | 110.00 | 119.00 | {total}",
            "财政拨款::2 | 100.00 | 109.00 | {appropriation}",
            "成本构成::2 | 师资与场地",
            "测算依据::2 | 每期十三万元",
            "保障措施::2 | 专人负责",
            "年度绩效目标::2 | {goals}",
        ),
        before=PLAIN_TITLE,
        flags=frozenset({"I11"}),
        skip=("tsv", "md"),
    ),
    Layout(
        "上海：金额用元，两种总额和两种目标",
        FOUR,
        ALL | {"上年结转"},
        form="central-2021",
        head=(
            "项目名称::2 | {name}",
            "项目性质::2 | 一次性 | 项目类别 | 特定目标类",
            "主管部门::2 | {department} {code} | 实施单位 | {unit}",
            "计划开始日期::2 | 2024-01-01 | 计划完成日期 | 2024-12-31",
            "项目资金（元）::1/7 | 项目资金总额 | {long_total_yuan}",
            "其中：财政资金 | {long_appropriation_yuan}",
            "其他资金 | {long_other_yuan}",
            "年度资金申请总额 | {total_yuan}",
            "其中：当年财政拨款 | {appropriation_yuan}",
            "上年结转资金 | {carried_yuan}",
            "其他资金 | {other_yuan}",
            "项目总目标::2 | {long_goal}",
            "年度总体目标::2 | {goals}",
        ),
        before=PLAIN_TITLE,
        records=(CENTRAL,),
        flags=frozenset({"I07", "I11"}),
    ),
    Layout(
        "四川：自评复核底稿",
        (
            *LEVELS,
            ("指标性质", "op"),
            ("指标值", "number"),
            ("计量单位", "unit"),
            ("权重", "weight"),
            ("自评完成值", "result"),
            ("自评得分", "score"),
        ),
        NAMES,
        head=("项目名称::2 | {name}", "主管部门及代码::2 | {department} {code} | 实施单位 | {unit}"),
        before=("项目支出绩效自评复核表", "（{year}年度）"),
        block="",
        flags=frozenset({"I10"}),
    ),
    Layout(
        "四川：指标性质、指标值、度量单位、权重、方向性",
        (*SPLIT, ("权重", "weight"), ("指标方向性", "direction")),
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=PLAIN_TITLE,
        block="",
    ),
    Layout(
        "重庆：历史参考值和是否核心指标",
        (
            *LEVELS,
            ("指标性质", "op"),
            ("历史参考值", "last"),
            ("指标值", "number"),
            ("度量单位", "unit"),
            ("权重", "weight"),
            ("是否核心指标", "core"),
        ),
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=PLAIN_TITLE,
        block="",
    ),
    Layout(
        "云南：指标属性和指标内容",
        (*SPLIT, ("指标属性", "attribute"), ("指标内容", "explanation")),
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=("项目支出绩效目标表（本级下达）", "（{year}年度）"),
        block="",
    ),
    Layout(
        "单位在符号之前",
        (*LEVELS, ("度量单位", "unit"), ("指标性质", "op"), ("指标值", "number")),
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=PLAIN_TITLE,
        block="",
    ),
    Layout(
        "分值在最前，值在名称之前",
        (
            ("分值", "weight"),
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("指标值", "value"),
            ("三级指标", "name"),
        ),
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=PLAIN_TITLE,
        block="",
    ),
    Layout(
        "浙江：权重合计一百",
        (*FOUR, ("权重", "weight")),
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        corner="名称",
    ),
    Layout(
        "自评表：只取目标",
        (
            *LEVELS,
            ("年度指标值", "value"),
            ("实际完成值", "result"),
            ("分值", "weight"),
            ("得分", "score"),
            ("偏差原因分析及改进措施", "reason"),
        ),
        ALL - {"部门代码"} | {"部门代码", "上年结转"},
        head=(
            "项目名称::2 | {name}",
            "主管部门::2 | {code}-{department}::3 | 实施单位 | {unit}",
            "项目资金（万元）::2/5 |   | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率",
            "年度资金总额 | {total} | 140.00 | 139.00 | 10 | 99%",
            "其中：本年财政拨款 | {appropriation} | 128.00 | 127.00 | — | —",
            "上年结转资金 | {carried} | 2.25 | 2.25 | — | —",
            "其他资金 | {other} | 10.00 | 9.75 | — | —",
            "年度总体目标::1/2 | 预期目标::4 | 实际完成情况",
            "{goals}::4 | 示例：都完成了",
        ),
        after=("总分 100",),
        before=("项目支出绩效自评表", "（{year}年度）"),
        form="central-2021",
        records=(CENTRAL,),
        flags=frozenset({"I10"}),
        skip=("tsv", "md"),
    ),
    Layout(
        "运行监控表：只取目标",
        (
            *LEVELS,
            ("年初指标值", "value"),
            ("1-7月执行情况", "result"),
            ("全年预计完成情况", "result"),
            ("偏差原因", "reason"),
        ),
        NINGXIA_FIELDS - {"序号"},
        head=HEAD,
        before=("项目支出绩效目标执行监控表", "（{year}年度）"),
        flags=frozenset({"I10"}),
    ),
    Layout(
        "几个项目一张表：合并",
        (
            ("项目名称", "{name}"),
            ("主管部门", "{department}"),
            ("部门代码", "{code}"),
            ("实施单位", "{unit}"),
            ("预算数（万元）", "{total}"),
            ("年度目标", "{goals_in_one}"),
            *SPLIT,
            ("权重", "weight"),
        ),
        NAMES | {"年度资金总额", "年度总体目标"},
        before=("项目支出绩效目标表", "（2024年度）"),
        records=(NINGXIA, SECOND, THIRD),
        draw=_listed,
        flags=frozenset({"I11"}),
    ),
    Layout(
        "几个项目一张表：只写一次，不合并",
        (
            ("单位名称", "{unit}"),
            ("项目名称", "{name}"),
            ("主管部门", "{department}"),
            ("部门代码", "{code}"),
            ("年度目标", "{goals_in_one}"),
            *FOUR,
        ),
        NAMES | {"年度总体目标"},
        before=("项目支出绩效目标表", "（2024年度）"),
        records=(NINGXIA, SECOND, THIRD),
        draw=_listed,
        levels="blank",
        flags=frozenset({"I11"}),
    ),
    Layout(
        "几个项目一张表：每行都写",
        (
            ("项目名称", "{name}"),
            ("主管部门", "{department}"),
            ("部门代码", "{code}"),
            ("实施单位", "{unit}"),
            ("年度总体目标", "{goals_in_one}"),
            *FOUR,
        ),
        NAMES | {"年度总体目标"},
        before=("项目支出绩效目标表", "（2024年度）"),
        records=(NINGXIA, SECOND),
        draw=_listed,
        levels="repeated",
    ),
    Layout(
        "几张表一个文件",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        after=("填表人：示例丙",),
        corner="名称",
        records=(NINGXIA, SECOND, THIRD),
    ),
    Layout(
        "指标值之下又分三栏",
        SPLIT,
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=PLAIN_TITLE,
        block="",
        draw=_two_headings,
    ),
    Layout(
        "金额带着单位，用千分号",
        FOUR,
        NINGXIA_FIELDS,
        head=(
            *HEAD[:3],
            "项目资金::1/3 | 年度资金总额： | ￥1,{total} 万元",
            "其中：财政拨款 | 1,{appropriation}万元",
            "其他资金 | {other}万",
            GOALS,
        ),
        before=TITLE,
        change=lambda leaves: {
            path: Decimal(f"1{value}") if path[-1] in {"年度资金总额", "财政拨款"} else value
            for path, value in leaves.items()
        },
    ),
    Layout(
        "没有写金额单位",
        FOUR,
        NINGXIA_FIELDS,
        head=(*HEAD[:3], "项目资金::1/3 | 年度资金总额： | {total}", *FUNDS[1:], GOALS),
        before=TITLE,
        flags=frozenset({"I07"}),
    ),
    Layout(
        "下一页重印表头",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        block="",
        draw=_next_page,
    ),
    Layout(
        "指标解释和备注",
        (*FOUR, ("指标解释", "explanation"), ("备注", "note")),
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        corner="名称",
    ),
    Layout(
        "前面还有部门整体的表",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        draw=_with_a_department,
    ),
    Layout(
        "序号在前，指标名称，目标值",
        (
            ("序号", "ordinal"),
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("指标名称", "name"),
            ("目标值", "value"),
            ("评分标准", "standard"),
        ),
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        block="",
    ),
    Layout(
        "目标分行写，没有编号",
        FOUR,
        NINGXIA_FIELDS,
        head=(*HEAD[:-1], "年度总体目标 | {goal_lines}"),
        before=TITLE,
        flags=frozenset({"I13"}),
        skip=("tsv", "md"),
    ),
    Layout(
        "目标用数字编号",
        FOUR,
        NINGXIA_FIELDS,
        head=(
            *HEAD[:-1],
            "年度总体目标 | 1.举办业务培训十期，覆盖各乡镇；2.参训人员考试合格率达到百分之九十五以上。",
        ),
        before=TITLE,
        flags=frozenset({"I13"}),
    ),
    Layout(
        "二级指标是本地的叫法",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        levels="repeated",
        rename={"经济效益指标": "带动效益指标"},
        change=lambda leaves: {
            tuple("带动效益指标" if step == "经济效益指标" else step for step in path): value
            for path, value in leaves.items()
        },
        flags=frozenset({"I06"}),
    ),
    Layout(
        "栏目旁边还有不认识的栏目和说明",
        FOUR,
        NINGXIA_FIELDS,
        head=(
            "项目名称 | {name} | 项目密级 | 公开 | （按批复填写）",
            *HEAD[1:],
        ),
        before=TITLE,
        corner="名称",
        flags=frozenset({"I16"}),
    ),
    Layout(
        "实施单位写在项目名称之前",
        FOUR,
        NINGXIA_FIELDS,
        head=(
            "实施单位 | {unit}::2 | 项目名称 | {name}",
            "部门代码 | {code}::2 | 主管部门 | {department}",
            *HEAD[2:],
        ),
        before=TITLE,
        corner="名称",
    ),
    Layout(
        "各行的栏线对不齐", FOUR, NINGXIA_FIELDS, head=HEAD, before=TITLE, draw=_uneven, skip=("tsv", "md")
    ),
    Layout(
        "标签写在几行当中",
        FOUR,
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        block="",
        draw=_centred,
        flags=frozenset({"I18"}),
    ),
    Layout(
        "分值按二级指标合并",
        (*FOUR, ("分值", "weight")),
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
        corner="名称",
        draw=_merged_column,
        flags=frozenset({"I08"}),
        skip=("tsv", "md"),
    ),
    Layout(
        "几个年度的指标值并列",
        (*LEVELS, ("2023年指标值", "last"), ("2024年指标值", "value"), ("2025年指标值", "long_value")),
        NINGXIA_FIELDS,
        head=HEAD,
        before=TITLE,
    ),
    Layout(
        "指标值自带符号和单位，又另有两栏",
        (*LEVELS, ("指标性质", "op"), ("指标值", "value"), ("度量单位", "unit")),
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=PLAIN_TITLE,
        block="",
        flags=frozenset({"I14"}),
    ),
    Layout(
        "单位一栏写的是单位名称",
        (
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("三级指标", "name"),
            ("指标值", "value"),
            ("单位", "note"),
        ),
        SHEET_FIELDS,
        head=SHEET_HEAD,
        before=PLAIN_TITLE,
        block="",
        change=lambda leaves: {path: value for path, value in leaves.items() if path[-1] != "备注"},
        flags=frozenset({"I14"}),
    ),
)
