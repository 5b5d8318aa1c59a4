"""The heading of the indicators → what stands in each column, whatever its name and wherever it stands.

A heading may take several rows: a group above (实施期 | 年度; 指标值 over 性质, 数值, 单位), the columns
below. Of columns that say the same of different times only those of this year's target are taken; the
others are left, with a reason.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers.labels import BLOCK_WORDS, Word, match, plain, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from builder.importers.table import Cell, Line


class Role(StrEnum):
    """What a column holds."""

    BLOCK = "名称"
    LEVEL1 = "一级指标"
    LEVEL2 = "二级指标"
    NAME = "三级指标"
    CONTENT = "指标内容"
    VALUE = "指标值"
    OPERATOR = "指标性质"
    UNIT = "度量单位"
    WEIGHT = "权重"
    EXPLANATION = "指标解释"
    NOTE = "备注"
    FIELD = "项目的栏目"
    OTHER = "不导入的栏目"


class Term(StrEnum):
    """Of which time a column speaks."""

    PLAIN = ""
    ANNUAL = "年度"
    LONG = "实施期"
    PAST = "以前年度"
    RESULT = "实际完成"


@frozen()
class Column:
    """Columns ``start`` to ``stop`` (without it) under one heading. ``title`` are its words, from the top.

    ``word``: the field of the project, where every row names its project. ``near``: matched by a word that is
    only near to ours. ``printed``: what the words ask for, of a column that was put aside too.
    """

    role: Role
    term: Term
    start: int
    stop: int
    title: str
    cell: Cell
    word: Word | None = None
    near: bool = False
    printed: Role = Role.OTHER


@frozen()
class Heading:
    """A heading: its columns from the left, its cells, and the first line below it (an index of lines)."""

    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    below: int

    @property
    def is_list(self) -> bool:
        """Whether every row names its project."""
        return any(column.word is Word.NAME for column in self.columns)

    def first(self, role: Role) -> Column | None:
        """The column of a role; at most one is left of each that counts."""
        return next((column for column in self.columns if column.role is role), None)

    @property
    def words(self) -> frozenset[str]:
        """The words of all its cells, to know it again where it is printed on the next page."""
        return frozenset(plain(part) for column in self.columns for part in column.title.split("/"))


_ROLES: dict[Role, str] = {
    Role.LEVEL1: "一级指标 一级 一级指标名称 一级绩效指标",
    Role.LEVEL2: "二级指标 二级 二级指标名称 二级绩效指标",
    Role.NAME: """
        三级指标 三级 三级指标名称 三级绩效指标 指标名称 绩效指标名称 具体指标 三级指标内容
    """,
    Role.CONTENT: "指标内容 指标内容计算公式 绩效指标内容",
    Role.OPERATOR: """
        指标性质 计算符号 运算符号 指标符号 符号 比较符 比较符号 绩效指标性质 指标值符号 性质
    """,
    Role.UNIT: "度量单位 计量单位 指标单位 指标值单位 绩效度量单位 单位 指标度量单位",
    Role.WEIGHT: "权重 分值 分值权重 指标权重 权重分值 指标分值 分值权重分 绩效权重 指标分值权重",
    Role.EXPLANATION: """
        指标解释 指标说明 指标解释说明 指标解释及说明 计算公式 指标计算公式 指标释义 指标含义
        指标解释计算公式
    """,
    Role.NOTE: "备注",
    Role.OTHER: """
        绩效标准 评分标准 评价标准 指标值确定依据 确定依据 指标值依据 指标来源 指标方向性 指标方向
        方向性 指标属性 指标类型 是否核心指标 核心指标 得分 自评得分 评分 偏差原因 偏差原因分析
        偏差原因分析及改进措施 偏差原因分析及改进 原因分析 完成率 偏差率 完成可能性 序号 编号
        指标编码 指标编号 数据来源 佐证材料 未完成原因 未完成原因分析 扣分原因 考核方式 偏离度
        指标类别 评价要点 四级指标
    """,
}
_INDEX = {plain(name): role for role, names in _ROLES.items() for name in names.split()}

_VALUE = re.compile(
    "(?:指标|目标|标准|预期|计划|参考|完成|达到|实现|申报|批复|评价|设定)(?:值|数值|实现值|值内容)|(?:实际|计划)水平|^(?:值|数值|绩效值)$"
    "|执行情况|完成情况|完成值|绩效目标值|目标数"
)
_TERMS = (
    (Term.PAST, re.compile("上年|前年|历史|往年|以前|上一年|去年|前两年|近两年|近三年|历年")),
    (Term.RESULT, re.compile("完成|实际|执行情况|得分|自评|评价结果|监控")),
    (Term.LONG, re.compile("实施期|长期|总体指标|中期|总目标|全周期|三年")),
    (Term.ANNUAL, re.compile("年度|当年|本年|年初|全年|[12][0-9]{3}年")),
)
_GROUP = re.compile(
    "^(?:项目)?(?:实施期|中?长期|中期|年度|本年度|当年|[12][0-9]{3}年度?)(?:绩效)?(?:目标及|总)?(?:指标|目标|绩效)?(?:值)?$"
)
_SINGLE = {*Role} - {Role.BLOCK, Role.FIELD, Role.OTHER}
_EXACT_VALUES = {"指标值", "年度指标值", "目标值", "年初指标值", "年度目标值"}
_OTHER_TIMES = {Term.LONG, Term.PAST, Term.RESULT}
_PREFIX = re.compile("^(?:年度|本年度|当年|实施期|中?长期|上年度?|前年)(?=.)")
_YEAR = re.compile("^[12][0-9]{3}年?度?$")
_YEARS = re.compile("(?<![0-9])20[0-9]{2}(?![0-9])")
_MAX_ROWS = 3


def is_heading(cells: Iterable[Cell]) -> bool:
    """Whether the cells of one row name columns of indicators."""
    roles = {_role(plain(cell.text))[0] for cell in cells if cell.text}
    if {Role.LEVEL1, Role.LEVEL2} <= roles:
        return True
    return bool(roles & {Role.NAME, Role.CONTENT} and roles & {Role.VALUE, Role.LEVEL1, Role.LEVEL2})


def is_group(cell: Cell) -> bool:
    """Whether a cell names the time of all that stands under it."""
    return bool(_GROUP.fullmatch(plain(cell.text))) and term_of(cell.text) is not Term.PLAIN


def term_of(text: str) -> Term:
    """The time that some words speak of."""
    words = plain(text)
    return next((term for term, pattern in _TERMS if pattern.search(words)), Term.PLAIN)


def read(lines: Sequence[Line], at: int, year: int | None = None) -> Heading:
    """The heading that begins in line ``at``; ``year``: of the form, where columns name several years."""
    last = _last(lines, at)
    first = at
    above = lines[at - 1] if at else None
    if above and above.table == lines[at].table and any(is_group(cell) for cell in above.filled):
        labels = [cell for cell in above.filled if not is_group(cell) and plain(cell.text) not in BLOCK_WORDS]
        first = at if labels else at - 1
    cells = {cell: None for line in lines[first : last + 1] for cell in line.cells if cell.text}
    width = max(cell.right for line in lines[at : last + 1] for cell in line.across)
    columns = list(_columns([line.across for line in lines[first : last + 1]], width))
    return Heading(tuple(_chosen(_of_year(columns, year))), tuple(cells), last + 1)


def _of_year(columns: list[Column], year: int | None) -> list[Column]:
    """The columns; of several that name different years only those of ``year`` are of this year."""
    named = [set(_YEARS.findall(squeezed(column.title))) for column in columns]
    if len(set().union(*named)) < 2:  # noqa: PLR2004  nothing to choose between
        return columns
    return [
        replace(column, term=Term.PAST)
        if years and years != {str(year)} and column.term is Term.ANNUAL
        else column
        for column, years in zip(columns, named, strict=True)
    ]


def _last(lines: Sequence[Line], at: int) -> int:
    """The last line of a heading: as far as its merged cells reach, or one that only names more columns."""
    named = [cell for cell in lines[at].filled if _role(plain(cell.text))[0] not in {None, Role.BLOCK}]
    bottom = max((cell.bottom for cell in named), default=lines[at].row + 1)
    for number, line in enumerate(lines[at + 1 : at + _MAX_ROWS], at + 1):
        reached = line.row < bottom
        more = not is_heading(line.filled) and _only_names_columns(line.filled)
        if line.table != lines[at].table or not (reached or more):
            return number - 1
    return min(at + _MAX_ROWS, len(lines)) - 1


def _only_names_columns(cells: Sequence[Cell]) -> bool:
    roles = [_role(plain(cell.text))[0] for cell in cells]
    return bool(roles) and None not in roles and Role.BLOCK not in roles


def _columns(rows: Sequence[Sequence[Cell]], width: int) -> Iterator[Column]:
    stacks: list[tuple[Cell, ...]] = []
    for column in range(width):
        stack = [cell for row in rows for cell in row if cell.column <= column < cell.right and cell.text]
        stacks.append(tuple(dict.fromkeys(stack)))
    start = 0
    for column in range(1, width + 1):
        if column == width or stacks[column][-1:] != stacks[start][-1:]:
            if stacks[start]:
                yield _column(stacks[start], start, column)
            start = column


def _column(stack: tuple[Cell, ...], start: int, stop: int) -> Column:
    title = "/".join(dict.fromkeys(cell.text for cell in stack))
    leaf = stack[-1]
    role, near = _role(plain(leaf.text))
    if role is None:
        role, near = _role(plain("".join(cell.text for cell in stack)))
    word = None
    if role in {None, Role.OTHER, Role.BLOCK}:
        found = match(leaf.text)
        if found and found.word is not Word.OTHER and not found.rest:
            role, word, near = Role.FIELD, found.word, found.near
    role = role or Role.OTHER
    return Column(role, term_of(title), start, stop, title, leaf, word, near, role)


def _role(words: str) -> tuple[Role | None, bool]:
    """The role that some words ask for, and whether they are only near to it."""
    if not words:
        return None, False
    if words in _INDEX:
        return _INDEX[words], False
    if _VALUE.search(words):
        return Role.VALUE, words not in _EXACT_VALUES
    if words in BLOCK_WORDS:
        return Role.BLOCK, False
    for pattern, role in ((_PREFIX, None), (_YEAR, Role.VALUE)):
        if pattern.match(words):
            inner = _INDEX.get(pattern.sub("", words), role)
            return inner, inner is Role.VALUE
    return None, False


def _chosen(columns: list[Column]) -> Iterator[Column]:
    """The columns, all put aside that do not speak of this year's target; one is left of each role."""
    if not any(column.word is Word.NAME for column in columns):
        columns = [_no_field(column) for column in columns]
    columns = _with_content([_aside(column) for column in columns])
    if not any(column.role is Role.NAME for column in columns):
        columns = _named_by_block(columns)
    for column in columns:
        rivals = [other for other in columns if other.role is column.role]
        if column.role in _SINGLE and column is not _best(rivals):
            yield replace(column, role=Role.OTHER)
        else:
            yield column


def _best(rivals: Sequence[Column]) -> Column:
    """Of several columns of one role: one that names the year, the right of two alike, else the first."""
    order = -1 if _sided(rivals) else 1
    return min(rivals, key=lambda column: (column.term is Term.PLAIN, column.start * order))


def _with_content(columns: list[Column]) -> list[Column]:
    """指标内容 is the name where nothing else is, and explains the name where something else is."""
    named = any(column.role is Role.NAME for column in columns)
    explained = any(column.role is Role.EXPLANATION for column in columns)
    role = Role.NAME if not named else Role.OTHER if explained else Role.EXPLANATION
    return [
        replace(column, role=role, near=named) if column.role is Role.CONTENT else column
        for column in columns
    ]


def _no_field(column: Column) -> Column:
    """A column that would name a fact of the project, in a table whose rows do not name theirs."""
    if column.role is not Role.FIELD:
        return column
    role = Role.BLOCK if column.start == 0 else Role.OTHER
    return replace(column, role=role, printed=role, word=None, near=False)


def _sided(rivals: Sequence[Column]) -> bool:
    """Whether the same heading stands twice without a word of time: the right one is the year's."""
    return len(rivals) > 1 and len({(plain(column.title), column.term) for column in rivals}) == 1


def _aside(column: Column) -> Column:
    """A column of another time than this year's target is put aside."""
    if column.role in {Role.BLOCK, Role.FIELD, Role.LEVEL1}:
        return column
    return replace(column, role=Role.OTHER) if column.term in _OTHER_TIMES else column


def _named_by_block(columns: list[Column]) -> list[Column]:
    """绩效指标 as the heading of the names, where nothing else is."""
    blocks = [column for column in columns if column.role is Role.BLOCK]
    if not blocks or blocks[-1].start == 0:
        return columns
    return [
        replace(column, role=Role.NAME, near=True) if column is blocks[-1] else column for column in columns
    ]


def is_doubled(columns: Sequence[Column]) -> bool:
    """Whether the same heading stood twice and only the place told which is this year's."""
    put_aside = {
        plain(column.title) for column in columns if column.role is Role.OTHER and column.term is Term.PLAIN
    }
    taken = {plain(column.title) for column in columns if column.role in {Role.NAME, Role.VALUE}}
    return bool(put_aside & taken)
