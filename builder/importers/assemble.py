"""One region of a document → drafts: one for a form, one for each project of a list."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.importers import columns as headings
from builder.importers import goals as goal_texts
from builder.importers import head as heads
from builder.importers import identity, indicators, money, pages, rows
from builder.importers.columns import Role, Term
from builder.importers.doubts import Doubt, of_remarks
from builder.importers.draft import Draft, Origin
from builder.importers.head import Head, Pair
from builder.importers.labels import LOOKS_BACK, Match, Word, plain, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.form import Form
    from builder.importers.columns import Heading
    from builder.importers.levels import Levels
    from builder.importers.rows import Body
    from builder.importers.table import Cell, Line
    from builder.schema import Schemas
    from builder.source import Json

_MANY = 12
_FURNITURE = {
    "附件的标题": re.compile("附[件表]"),
    "页码": re.compile(r"(?:第?[0-9]+页?[,，/]?(?:共[0-9]+页?)?|[—–-]+[0-9]+[—–-]+|[0-9]+/[0-9]+)$"),
}


@frozen()
class Options:
    """What all regions share; ``form``: the 表样 to use, or ``None`` to choose."""

    schemas: Schemas
    levels: Levels
    form: str | None = None


@frozen()
class _Part:
    """One project: its labels with values, its rows, and all the cells that are its own."""

    head: Head
    further: tuple[Cell, ...]
    body: Body
    cells: tuple[Cell, ...]


def drafts(lines: Sequence[Line], at: int, options: Options) -> tuple[tuple[Draft, ...], tuple[Doubt, ...]]:
    """The drafts of one region whose heading begins in line ``at``, and doubts about the region."""
    heading = headings.read(lines, at)
    above = [line for line in lines[:at] if not any(cell in heading.cells for cell in line.filled)]
    year = identity.read(heads.read(above)).data.get("年度")
    heading = headings.read(lines, at, year if isinstance(year, int) else None)
    below = [line for line in lines[heading.below :] if line.table]
    below, doubts = _without_other_tables(below, heading)
    below = pages.rejoined(below, heading, options.levels)
    if heading.is_list:
        parts = list(_listed(above, below, heading, options))
    else:
        parts = [_single(above, below, heading, options)]
    return tuple(_draft(part, heading, options) for part in parts), doubts


def _without_other_tables(below: list[Line], heading: Heading) -> tuple[list[Line], tuple[Doubt, ...]]:
    """The lines up to another table with a heading of its own."""
    for number, line in enumerate(below):
        if headings.is_heading(line.filled):
            parts = {plain(part) for column in heading.columns for part in column.title.split("/")}
            strange = [
                cell for cell in line.filled if plain(cell.text) not in parts and not headings.is_group(cell)
            ]
            if strange:
                text = f"后面还有一个表头不同的表（“{strange[0].text}”），没有导入"
                return below[:number], (Doubt("I16", text, "请核对里面有没有要导入的指标。", strange[0]),)
    return below, ()


def _single(above: list[Line], below: list[Line], heading: Heading, options: Options) -> _Part:
    head = heads.read(above)
    further = tuple(_goes_on(above, head))
    cells = tuple(cell for line in (*above, *below) for cell in line.filled)
    return _Part(
        head,
        further,
        rows.read(below, heading, options.levels, options.schemas.words),
        (*cells, *heading.cells),
    )


def _goes_on(above: Sequence[Line], head: Head) -> Iterator[Cell]:
    """Cells at the top of a further table, under no label, while the goals were the last thing above."""
    goals = head.of(Word.GOALS)
    if not goals or not goals[-1].values:
        return
    last = goals[-1].label
    for line in above:
        if line.table > last.table:
            for cell in line.filled:
                if cell not in head.strays:
                    return
                yield cell


def _listed(above: list[Line], below: list[Line], heading: Heading, options: Options) -> Iterator[_Part]:
    """A part for each project of a list: lines while the same project's name is in force."""
    name = next(column for column in heading.columns if column.word is Word.NAME)
    shared = heads.read(above)
    current: Cell | None = None
    keyed: list[tuple[Cell | None, Line]] = []
    for line in below:
        reaching = [cell for cell in line.across if cell.column <= name.start < cell.right and cell.text]
        if reaching and (current is None or plain(reaching[0].text) != plain(current.text)):
            current = reaching[0]
        keyed.append((current, line))
    for first, group in groupby(keyed, key=lambda pair: pair[0]):
        lines = [line for _, line in group]
        if first is None:
            continue
        pairs, doubled = _fields(lines, heading)
        body = rows.read(lines, heading, options.levels, options.schemas.words)
        body = replace(body, left=(*body.left, *doubled))
        head = Head((*pairs, *shared.pairs), shared.strays)
        cells = tuple(cell for line in lines for cell in line.filled)
        yield _Part(
            head, (), body, (*cells, *heading.cells, *(cell for line in above for cell in line.filled))
        )


def _fields(lines: Sequence[Line], heading: Heading) -> tuple[list[Pair], list[tuple[Cell, str]]]:
    """The fields in the columns of a list as labels with values; the same text again is one value."""
    pairs: list[Pair] = []
    again: list[tuple[Cell, str]] = []
    for column in heading.columns:
        if column.role is not Role.FIELD or column.word is None:
            continue
        found = [
            cell
            for line in lines
            for cell in line.across
            if cell.text and cell.column <= column.start < cell.right and cell in line.cells
        ]
        different = {plain(cell.text) or cell.text: cell for cell in reversed(found)}
        values = tuple(cell for cell in found if cell in different.values())
        again += ((cell, "与上面同一项目的内容相同") for cell in found if cell not in values)
        word = Word.TOTAL if column.word is Word.THIS_YEAR else column.word
        near = column.near or column.word is Word.THIS_YEAR
        pairs.append(Pair(column.cell, Match(word, near), values, 0))
    return pairs, again


def _draft(part: _Part, heading: Heading, options: Options) -> Draft:
    form, choice = _form(part, heading, options)
    who = identity.read(part.head)
    funds = money.read(part.head, form.currency, who.unit)
    goals = goal_texts.read(part.head, part.further)
    placed = indicators.of_rows(form, part.body.rows)
    schema = options.schemas.resolved[form.id]
    data = {key: value for key, value in who.data.items() if key in schema["properties"]}
    origins = [origin for origin in who.origins if origin.path[0] in data]
    left = [*who.left, *funds.left, *goals.left, *part.body.left, *placed.left]
    left += _not_in_form(who, data)
    paid, kept, unplaced = _funding(funds, form)
    left += unplaced
    doubts = [*choice, *who.doubts, *funds.doubts, *goals.doubts, *part.body.doubts, *placed.doubts]
    doubts += (doubt for fund in funds.funds for doubt in fund.doubts)
    doubts += _remarked(kept, goals)
    if paid:
        data["项目资金"] = paid
    if goals.goals:
        data["年度总体目标"] = list(goals.goals)
        kept.append(Origin(("年度总体目标",), goals.cells))
    if placed.data:
        data["绩效指标"] = placed.data
    data = {"表样": form.id, **data}
    doubts += identity.missing(schema["required"], data, heading.cells[0])
    doubts += _about(part, heading, found=bool(placed.data))
    labels = [*who.labels, *funds.labels, *goals.labels, *part.body.labels, *heading.cells]
    labels += (fund.pair.label for fund in funds.funds if fund.cell is not fund.pair.label)
    made = Draft(
        form,
        data,
        (*origins, *kept, *placed.origins),
        tuple(dict.fromkeys(labels)),
        tuple(left),
        tuple(doubts),
    )
    return _complete(made, part)


def _remarked(kept: Sequence[Origin], goals: goal_texts.Goals) -> Iterator[Doubt]:
    for origin in kept:
        yield from of_remarks(origin.cells, origin.path)
    yield from of_remarks(goals.cells, ("年度总体目标",))


def _funding(funds: money.Money, form: Form) -> tuple[dict[str, Json], list[Origin], list[tuple[Cell, str]]]:
    """项目资金 as data: the rows that the form has."""
    keys = {form.total.key, *(fund.key for fund in form.funds)}
    if form.execution:
        keys.add(form.execution.key)
    data: dict[str, Json] = {}
    origins: list[Origin] = []
    left: list[tuple[Cell, str]] = []
    for fund in funds.funds:
        key = str(fund.word)
        if fund.amount is None or fund.cell is None:
            left += (
                (cell, "不是金额")
                for cell in (fund.cell,)
                if cell is not None and cell.text and cell is not fund.pair.label
            )
        elif key in keys:
            data[key] = fund.amount
            origins.append(Origin(("项目资金", key), (fund.cell,)))
        else:
            left.append((fund.cell, f"这份表样没有“{key}”"))
    return data, origins, left


def _not_in_form(who: identity.Identity, data: Mapping[str, Json]) -> Iterator[tuple[Cell, str]]:
    for origin in who.origins:
        if origin.path[0] not in data:
            yield from ((cell, f"这份表样没有“{origin.path[0]}”") for cell in origin.cells)


def _form(part: _Part, heading: Heading, options: Options) -> tuple[Form, list[Doubt]]:
    """The 表样 whose 二级指标 and fields fit best, and what the reader should know of the choice."""
    forms = options.schemas.forms
    if options.form is not None:
        return forms[options.form], []
    scores = {name: _misfit(form, part, heading, options) for name, form in forms.items()}
    best = min(scores, key=lambda name: scores[name])
    tied = [forms[name].name for name, score in scores.items() if score == scores[best]]
    if len(tied) > 1:
        text = f"看不出该用哪份表样（{'、'.join(tied)}都合适），用了 {best}"
        return forms[best], [
            Doubt("I09", text, "请核对“表样”；也可以用 --form 指定。", heading.cells[0], ("表样",))
        ]
    return forms[best], []


def _misfit(form: Form, part: _Part, heading: Heading, options: Options) -> tuple[int, int, int]:
    homeless, moved = indicators.misfits(form, part.body.rows)
    keys = {*options.schemas.resolved[form.id]["properties"], *(fund.key for fund in form.funds)}
    if form.execution:
        keys.add(form.execution.key)
    words = {Word.ATTRIBUTE, Word.PERIOD, Word.CARRIED_OVER, Word.EXECUTION}
    strange = sum(pair.word in words and str(pair.word) not in keys for pair in part.head.pairs if pair.text)
    weighted = heading.first(Role.WEIGHT) is not None and form.weight_total is None
    return homeless, moved, strange + weighted


def _about(part: _Part, heading: Heading, *, found: bool) -> Iterator[Doubt]:
    """What is to be said of the form as a whole."""
    results = [column for column in heading.columns if column.term is Term.RESULT]
    titles = [cell for cell in part.head.strays if LOOKS_BACK.search(squeezed(cell.text)[:60])]
    if results or titles:
        cell = results[0].cell if results else titles[0]
        text = "这是自评表或监控表：只导入了目标，完成值、得分等没有导入"
        yield Doubt("I10", text, "请用批复的目标表核对；自评表里的目标可能调整过。", cell)
    for column in heading.columns:
        if column.near and column.role in {Role.NAME, Role.VALUE, Role.EXPLANATION}:
            yield Doubt("I11", f"“{plain(column.title)}”一栏读作“{column.role}”", "请核对。", column.cell)
    if headings.is_doubled(heading.columns):
        text = "表头左右各印了一遍，没有写明年度，取了右边的一半"
        yield Doubt("I12", text, "请核对右边是不是本年度的指标。", heading.cells[0])
    if not found:
        yield Doubt("I03", "表头下面没有读出一条指标", "请核对表头和下面各行。", heading.cells[0])


def _complete(made: Draft, part: _Part) -> Draft:
    """The draft with every cell of its own that nothing took in the list of what is left."""
    taken = {*made.labels, *(cell for cell, _ in made.left)}
    taken |= {cell for origin in made.origins for cell in origin.cells}
    others = [pair for pair in part.head.pairs if pair.word is Word.OTHER or pair.word is Word.CURRENCY]
    known = {
        cell: f"数据里没有“{plain(pair.label.text)}”这一栏"
        for pair in others
        for cell in (pair.label, *pair.values)
    }
    known |= {cell: why for cell in part.cells if (why := _furniture(cell))}
    rest = [cell for cell in dict.fromkeys(part.cells) if cell not in taken]
    left: list[tuple[Cell, str]] = [(cell, known.get(cell, "没有认出是什么")) for cell in rest]
    strange = [cell for cell in rest if cell not in known]
    hint = "请核对它是不是哪一栏的内容。"
    doubts = [
        Doubt("I16", f"“{_short(cell.text)}”没有认出是什么，没有导入", hint, cell) for cell in strange[:_MANY]
    ]
    if len(strange) > _MANY:
        doubts.append(
            Doubt("I16", f"另有 {len(strange) - _MANY} 格没有认出，报告里逐格列出", "", strange[_MANY])
        )
    every = tuple(dict.fromkeys((*made.left, *left)))
    return replace(made, left=every, doubts=(*made.doubts, *doubts))


def _furniture(cell: Cell) -> str:
    """What a line outside the form is that every attachment has; empty for any other."""
    words = squeezed(cell.text)
    return next((why for why, pattern in _FURNITURE.items() if pattern.match(words)), "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:60]}…"  # noqa: PLR2004  a line of a terminal
