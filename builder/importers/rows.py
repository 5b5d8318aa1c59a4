"""The lines under a heading → rows of 绩效指标 as they stand, each with what is doubtful about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers import columns as headings
from builder.importers.columns import Role, Term
from builder.importers.composing import compose, is_value
from builder.importers.doubts import Doubt
from builder.importers.labels import BLOCK_WORDS, plain, squeezed
from builder.importers.placing import from_above, home, is_under, place, repeats_a_level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.importers.columns import Heading
    from builder.importers.levels import Levels
    from builder.importers.placing import Placed
    from builder.importers.table import Cell, Line
    from builder.values import Vocabulary

_ENDINGS = ("总分", "合计", "总计", "小计", "总得分")
_LONG = "这是实施期的指标，不是本年度的"
_PLACE = "请核对归类。"
_ROW = "请核对这一行有没有错位。"


@frozen()
class Piece:
    """A text of the YAML and the cells it was taken from."""

    text: str
    cells: tuple[Cell, ...]


@frozen()
class Standing:
    """A level in force: its name, the cell that says so, and whether that cell stood in its place."""

    name: str
    cell: Cell
    sure: bool = True


@frozen()
class Row:
    """One 三级指标 as read. Levels are as stated, in force for this row; doubts have no path yet."""

    line: Line
    level1: Standing | None
    level2: Standing | None
    name: Piece
    value: Piece | None
    weight: Piece | None = None
    explanation: Piece | None = None
    note: Piece | None = None
    doubts: tuple[Doubt, ...] = ()


@frozen()
class Body:
    """All that stood under a heading: rows, labels, cells not taken with the reason, doubts."""

    rows: tuple[Row, ...]
    labels: tuple[Cell, ...]
    left: tuple[tuple[Cell, str], ...]
    doubts: tuple[Doubt, ...]


class _Blank:
    """What an empty cell of a level means in one table."""

    ABOVE = "above"  # the name above, as everywhere in this table
    ODD = "odd"  # the name above, though other labels here are merged
    CENTRED = "centred"  # perhaps the name below: labels stand in the middle of their rows


@dataclass(slots=True)
class _State:
    """What is in force while the lines are read, and what was collected."""

    levels: Levels
    words: Vocabulary
    heading: Heading
    blank: str
    level1: Standing | None = None
    level2: Standing | None = None
    long: bool = False
    inherited: Cell | None = None
    unread: Cell | None = None
    rows: list[Row] = field(default_factory=list)
    labels: list[Cell] = field(default_factory=list)
    left: list[tuple[Cell, str]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read(lines: Sequence[Line], heading: Heading, levels: Levels, words: Vocabulary) -> Body:
    """The rows in ``lines``, all below one heading; lines outside tables are left to the caller."""
    state = _State(levels, words, heading, _blank(lines, heading, levels))
    state.long = any(
        headings.is_group(column.cell) and headings.term_of(column.title) is Term.LONG
        for column in heading.columns
        if column.role is Role.BLOCK
    )
    before, cut = lines[0] if lines else None, False
    for line in lines:
        found = len(state.rows)
        if line.paged and before is not None and before.table != line.table:
            _mark_cut(state, found - 1)
            cut = True
        _line(line, state)
        if cut and len(state.rows) > found:
            _mark_cut(state, found)
            cut = False
        before = line
    if state.inherited is not None and state.blank == _Blank.ABOVE:
        text = "一级、二级指标没有合并单元格，空着的都按上面的归类"
        state.doubts.append(Doubt("I18", text, "请对照原件核对归类。", state.inherited))
    return Body(tuple(_begun(state.rows)), tuple(state.labels), tuple(state.left), tuple(state.doubts))


def _blank(lines: Sequence[Line], heading: Heading, levels: Levels) -> str:
    """What an empty cell of a level means: judged by merged labels, and by where the first label stands."""
    columns = (Role.LEVEL1, Role.LEVEL2)
    for line in lines:
        for cell in line.cells:
            if cell.text and cell.rows > 1 and any(is_under(cell, heading, role) for role in columns):
                return _Blank.ODD
    first = next(
        (line for line in lines if any(is_under(cell, heading, Role.NAME) for cell in line.filled)), None
    )
    if (
        heading.first(Role.LEVEL2) is None
        or first is None
        or any(levels.is_any(cell.text) for cell in first.filled)
    ):
        return _Blank.ABOVE
    return _Blank.CENTRED


def _begun(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, those above the first label with that label, in doubt."""
    for name in ("level1", "level2"):
        first = next((one for row in rows if (one := getattr(row, name))), None)
        made: list[Row] = []
        for row in rows:
            if (
                getattr(row, name) is None
                and first is not None
                and not any(getattr(one, name) for one in made)
            ):
                text = f"这一行上面没有标签，暂归下面的“{first.name}”"
                doubt = Doubt("I06", text, _PLACE, row.name.cells[0])
                made.append(replace(row, **{name: first}, doubts=(*row.doubts, doubt)))
            else:
                made.append(row)
        rows = made
    yield from rows


def _mark_cut(state: _State, index: int) -> None:
    """Mark a row beside the end of a page: it may have been cut there."""
    if 0 <= index < len(state.rows):
        row = state.rows[index]
        text = "这一行在一页的开头或末尾，可能被分页切断"
        doubt = Doubt("I19", text, "请对照原件核对这一行。", row.name.cells[0])
        state.rows[index] = replace(row, doubts=(*row.doubts, doubt))


def _mark_followed(state: _State, index: int, below: Cell) -> None:
    """Mark a row above a line that may be the rest of it."""
    if 0 <= index < len(state.rows):
        row = state.rows[index]
        text = f"下一行的“{below.text}”可能是这一行的后半截"
        doubt = Doubt("I04", text, "请对照原件核对这一行的名称和指标值。", row.name.cells[0])
        state.rows[index] = replace(row, doubts=(*row.doubts, doubt))


def _line(line: Line, state: _State) -> None:
    """One line: a row, or cells that are labels only, or cells that are left."""
    block = list(_block(line, state))
    state.labels += block
    filled = tuple(cell for cell in line.filled if cell not in block)
    if not filled:
        return
    if _is_heading_again(filled, state.heading):
        state.labels += filled
    elif why := _LONG if state.long else _no_row(filled, state.heading):
        state.left += ((cell, why) for cell in filled)
    elif (placed := place(line, filled, state.heading, state.levels)) is not None:
        _take(line, placed, state)
    else:
        text = " ｜ ".join(cell.text for cell in filled)
        state.left += ((cell, "看不出这一行的哪一格是三级指标、哪一格是指标值") for cell in filled)
        message = f"这一行与表头对不上，没有导入：{text}"
        state.doubts.append(Doubt("I04", message, "请对照原件，自己补进 YAML。", filled[0]))
        state.unread = filled[0]
        _mark_followed(state, len(state.rows) - 1, filled[0])


def _block(line: Line, state: _State) -> Iterator[Cell]:
    """The label at the left of the block, which may say that another time begins."""
    wide = len(line.filled) == 1 and bool(_no_row(line.filled, state.heading))
    for cell in line.filled:
        if plain(cell.text) not in BLOCK_WORDS:
            continue
        column = home(cell, state.heading)
        if column is None or column.role is Role.BLOCK or cell.column == 0 or wide:
            yield cell
            if headings.is_group(cell):
                state.long = headings.term_of(cell.text) is Term.LONG


def _is_heading_again(filled: Sequence[Cell], heading: Heading) -> bool:
    words = [plain(cell.text) for cell in filled]
    return len(words) > 1 and heading.words.issuperset(words)


def _no_row(filled: Sequence[Cell], heading: Heading) -> str:
    """Why a line is no row at all; empty when it may be one."""
    first = filled[0]
    if plain(first.text) in _ENDINGS and not is_under(first, heading, Role.NAME):
        return "合计行"
    ends = [column for role in (Role.NAME, Role.VALUE) if (column := heading.first(role))]
    if len(filled) == 1 and len(ends) > 1 and all(_covers(first, column.start) for column in ends):
        return "这一格横跨名称和指标值两栏"
    return ""


def _covers(cell: Cell, column: int) -> bool:
    return cell.column <= column < cell.right


def _take(line: Line, placed: Placed, state: _State) -> None:
    """Turn what one line holds into a row, and bring the levels in force up to date."""
    heading, pieces = state.heading, placed.pieces
    doubts = list(_level_doubts(line, placed, state))
    _stand(line, placed, state)
    state.labels += placed.rest
    state.left += (
        (cell, _why(cell, heading)) for cell in placed.extra if not is_under(cell, heading, Role.FIELD)
    )
    name = pieces.get(Role.NAME) or from_above(line, heading, Role.NAME)
    if name is None or not {Role.NAME, Role.VALUE} & pieces.keys():
        state.left += ((cell, "这一行没有三级指标") for cell in pieces.values())
        return
    composed = compose(line, heading, placed, state.words)
    state.left += composed.left
    doubts += [*_row_doubts(line, placed, name, state), *composed.doubts]
    if not composed.cells and not line.merges and not (placed.level1 or placed.level2):
        _mark_followed(state, len(state.rows) - 1, name)
    if not composed.cells:
        hint = "原件上有就补写；确实没有就保留 null，并写豁免。"
        doubts.append(Doubt("I05", f"“{name.text}”没有指标值", hint, name))
    weight_cell = pieces.get(Role.WEIGHT) or from_above(line, heading, Role.WEIGHT)
    cells = (weight_cell, pieces.get(Role.EXPLANATION), pieces.get(Role.NOTE))
    weight, explanation, note = (Piece(cell.text, (cell,)) if cell else None for cell in cells)
    value = Piece(composed.text, composed.cells) if composed.cells else None
    levels = (state.level1, state.level2)
    row = Row(line, *levels, Piece(name.text, (name,)), value, weight, explanation, note, tuple(doubts))
    state.rows.append(row)


def _why(cell: Cell, heading: Heading) -> str:
    column = home(cell, heading)
    title = plain(column.title) if column else ""
    if column and column.term in {Term.LONG, Term.PAST, Term.RESULT}:
        return f"“{title}”一栏不是本年度的目标"
    return f"数据里没有“{title}”这一栏"


def _stand(line: Line, placed: Placed, state: _State) -> None:
    """Bring the levels in force up to date."""
    above1, above2 = (from_above(line, state.heading, role) for role in (Role.LEVEL1, Role.LEVEL2))
    sure = not placed.shifted
    if (cell := placed.level1 or above1) and not _stands_already(cell, placed.level1, state.level1):
        known1 = state.levels.level1
        if name := known1.get(plain(cell.text)) or _other_name(cell, known1, state):
            state.level1 = Standing(name, cell, sure)
            if placed.level1 is not None and placed.level2 is None and above2 is None:
                state.level2 = None
    spread = _spread(placed.level1 or above1, state.heading)
    cell = placed.level2 or above2 or spread
    if cell and not _stands_already(cell, placed.level2, state.level2):
        known2 = {words: name for words, (name, _) in state.levels.level2.items()}
        if name := known2.get(plain(cell.text)) or _other_name(cell, known2, state):
            state.level2 = Standing(name, cell, sure)
    state.labels += (one for one in (placed.level1, placed.level2) if one is not None)
    if placed.level2 is not None:
        state.unread = None


def _stands_already(cell: Cell, here: Cell | None, standing: Standing | None) -> bool:
    """Whether a cell that reaches in from above is the one in force."""
    return here is None and standing is not None and standing.cell == cell


def _other_name(cell: Cell, known: Mapping[str, str], state: _State) -> str | None:
    """A name that no form has: a cut one completed, the end of one passed over, else as it is."""
    begun = [name for name in state.levels.begun(cell.text) if name in known and name.endswith("指标")]
    if len(begun) == 1:
        return known[begun[0]]
    return None if state.levels.is_rest(cell.text) else squeezed(cell.text)


def _spread(cell: Cell | None, heading: Heading) -> Cell | None:
    """A cell of the first level that covers the column of the second too: 满意度指标 over both."""
    column = heading.first(Role.LEVEL2)
    if cell is None or column is None or cell.column >= column.start or cell.right < column.stop:
        return None
    return cell


def _row_doubts(line: Line, placed: Placed, name: Cell, state: _State) -> Iterator[Doubt]:
    """What is doubtful about where the texts of a row stand."""
    if placed.shifted:
        where = f"；归入上面的“{state.level2.name}”" if placed.level2 is None and state.level2 else ""
        hint = "请对照原件核对这一行的归类、名称和指标值。"
        yield Doubt("I04", f"错位：{placed.shifted}{where}", hint, name)
    elif not line.merges and line.cells[-1].right < state.heading.columns[-1].stop:
        yield Doubt("I04", "这一行的格比表头少，右边几栏可能错位", _ROW, name)
    if name.row < line.row:
        text = f"三级指标“{name.text}”与上一行合并，这一行另有指标值"
        yield Doubt("I04", text, "请核对是一条还是两条。", line.filled[0])
    for cell in placed.pieces.values():
        if repeats_a_level(cell, line, placed, state.levels):
            yield Doubt("I04", f"“{cell.text}”像是一级或二级指标的名称", _ROW, cell)
    yield from _text_doubts(placed, name, state)


def _text_doubts(placed: Placed, name: Cell, state: _State) -> Iterator[Doubt]:
    """What is doubtful about the texts themselves: a value where none should be, a sum, a cell over rows."""
    if plain(name.text) in _ENDINGS:
        yield Doubt("I04", f"“{name.text}”像是合计行", "请核对它是不是一条指标。", name)
    if is_value(name.text, state.words):
        yield Doubt("I04", f"三级指标“{name.text}”像是指标值", _ROW, name)
    for role in (Role.EXPLANATION, Role.NOTE):
        cell = placed.pieces.get(role)
        if cell is not None and cell.bottom > name.bottom:
            yield Doubt("I12", f"{role}一格跨了几行，只写在这一条", "请核对它说的是哪几条。", cell)
        if cell is not None and is_value(cell.text, state.words):
            yield Doubt("I04", f"{role}“{cell.text}”像是指标值", _ROW, cell)


def _level_doubts(line: Line, placed: Placed, state: _State) -> Iterator[Doubt]:
    """What is doubtful about the levels of a row, before its own labels come into force."""
    levels = state.levels
    for cell, known in ((placed.level1, levels.level1), (placed.level2, levels.level2)):
        unknown = cell is not None and plain(cell.text) not in known
        if cell is not None and unknown and not levels.is_rest(cell.text) and levels.begun(cell.text):
            yield Doubt("I04", f"标签“{cell.text}”不完整，按最接近的补全", _PLACE, cell)
    for cell in (*placed.rest, *filter(None, (placed.level1, placed.level2))):
        if levels.is_rest(cell.text) and plain(cell.text) != "绩效指标":
            yield Doubt("I04", f"“{cell.text}”只是上面标签的后半截", "请核对上下几行的归类。", cell)
    blank = placed.level2 is None and placed.level1 is None and state.heading.first(Role.LEVEL2) is not None
    if not blank or state.level2 is None or from_above(line, state.heading, Role.LEVEL2):
        return
    if _spread(from_above(line, state.heading, Role.LEVEL1), state.heading):
        return
    yield from _blank_doubts(line, placed, state.level2, state)


def _blank_doubts(line: Line, placed: Placed, level2: Standing, state: _State) -> Iterator[Doubt]:
    """What is doubtful about a row that states no level and takes the one above."""
    first = line.filled[0]
    state.inherited = state.inherited or first
    if state.unread is not None:
        text = f"上面有一行没有读出来（{state.unread.address}），这一行暂归“{level2.name}”"
        yield Doubt("I04", text, "请对照原件核对归类。", first)
    elif not level2.sure and not placed.shifted:
        text = f"“{level2.name}”取自错位的一格（{level2.cell.address}），这一行按它归类"
        yield Doubt("I04", text, "请对照原件核对归类。", first)
    elif state.blank == _Blank.ODD:
        text = f"二级指标一格空着，也没有合并，按上面的“{level2.name}”归类"
        yield Doubt("I18", text, _PLACE, first)
    elif state.blank == _Blank.CENTRED:
        text = f"标签像是写在几行当中，这一行空着，暂归上面的“{level2.name}”，也可能属于下面的"
        yield Doubt("I18", text, _PLACE, first)
