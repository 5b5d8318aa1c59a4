"""The smallest edit: the text of a record and the data it is to mean in; the text with that meaning out.

What stays keeps its lines as they are: comments, quotes, order, empty lines, line ends. What is new is laid
out as ``format`` does. The result is read back; where it means something else, larger parts are written anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from builder import yaml_block, yaml_lines, yaml_text
from builder.errors import BuilderError
from builder.format import exact, write_project
from builder.pairing import Row, pair
from builder.plain import form_schema, inner, plain
from builder.source import parse
from builder.yaml_block import Block, Entry
from builder.yaml_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.problem import Path
    from builder.schema import Schemas
    from builder.source import Json

    Schema = Mapping[str, Any]

CANNOT = "这些内容写不成数据文件：请检查有没有不成对的特殊字符，或者套得太深的层次。"
_STEP = 2
_BOM = "\ufeff"


def edit(original: str, data: dict[str, Json], schemas: Schemas) -> str:
    """``original`` with as few lines changed as make it mean ``data``.

    Raises:
        BuilderError: the original has faults, or YAML cannot hold the data.
    """
    document, problems = parse(original.encode("utf-8", "surrogatepass"), "")
    if document is None or problems:
        first = problems[0]
        raise BuilderError(
            f"原来的文件有语法错误（第 {first.line} 行：{first.message}），不能只改几处。请先在文件里改正它。"
        )
    if means(original, data, schemas):
        return original
    bom = _BOM if original.startswith(_BOM) else ""
    text = original.removeprefix(_BOM)
    end = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    unended = not text.endswith("\n")
    whole = yaml_lines.read(text + end if unended else text, document)
    for editor in _ways(whole, data, schemas, end):
        result = "\n".join(editor.whole())
        result = bom + (result.removesuffix("\n").removesuffix("\r") if unended else result)
        if means(result, data, schemas):
            return result
    kept = [comment for _, comment in whole.comments]
    result = bom + end.join([*kept, write_project(data, schemas).replace("\n", end)])
    if means(result, data, schemas):
        return result
    raise BuilderError(CANNOT)


def means(text: str, data: Mapping[str, Json], schemas: Schemas) -> bool:
    """Whether the reader finds exactly ``data`` in a text, and no fault."""
    document, problems = parse(text.encode("utf-8", "surrogatepass"), "")
    if document is None or problems:
        return False
    schema = form_schema(data, schemas)
    return exact(plain(document.data, schema)) == exact(plain(dict(data), schema))


def _ways(whole: Lines, data: dict[str, Json], schemas: Schemas, end: str) -> Iterator[_Editor]:
    """From the finest to the coarsest."""
    yield _Editor(whole, data, schemas, end)
    yield _Coarse(whole, data, schemas, end)


class _Editor:
    """Writes one file anew from its lines and the data wanted."""

    __slots__ = ("data", "end", "moved", "root", "schema", "strays")

    def __init__(self, root: Lines, data: dict[str, Json], schemas: Schemas, end: str) -> None:
        self.root = root
        self.data = data
        self.schema = form_schema(data, schemas)
        self.end = end.removesuffix("\n")
        self.strays: dict[str, list[Lines]] = {}
        self.moved: set[int] = set()
        self._find_moved()

    def whole(self) -> list[str]:
        """Every line of the file."""
        if self.root.entries is None:
            return self._anew(self.root, self.data, self.schema)
        return [*self.root.above, *self._inside(self.root, self.data, self.schema), *self.root.below]

    def _entry(self, entry: Lines, value: Json, schema: Schema) -> list[str]:
        """An entry that stays, with the value wanted."""
        if self._spelled(entry.value, schema) == self._spelled(value, schema):
            return entry.written()
        if entry.entries is not None and type(value) is type(entry.value) and value:
            inside = entry.dashed(self._inside(entry, value, schema))
            return [*entry.above, *entry.own, *inside, *entry.below]
        if isinstance(entry.value, dict | list) or isinstance(value, dict | list):
            return self._patched(entry, value) or self._anew(entry, value, schema)
        return [*entry.above, *self._valued(entry, value), *entry.below]

    def _inside(self, entry: Lines, value: Json, schema: Schema) -> list[str]:
        """The lines of a block's entries."""
        if isinstance(value, dict):
            return [line for part in self._keys(entry, value, schema) for line in part]
        items = value if isinstance(value, list) else []
        return [line for part in self._rows(entry, items, inner(schema, 0)) for line in part]

    def _keys(self, entry: Lines, value: dict[str, Json], schema: Schema) -> Iterator[list[str]]:
        """Keys in the order of the text, a new one where the form has it."""
        kept = {item.key: item for item in entry.entries or () if item.key in value}
        order = [str(key) for key in kept]
        ranks = {key: rank for rank, key in enumerate(schema.get("properties", ()))}
        for key in sorted(
            (key for key in value if key not in kept), key=lambda key: ranks.get(key, len(ranks))
        ):
            rank = ranks.get(key, len(ranks))
            later = (at for at, other in enumerate(order) if ranks.get(other, len(ranks)) > rank)
            order.insert(next(later, len(order)), key)
        for key in order:
            if key in kept:
                yield self._entry(kept[key], value[key], inner(schema, key))
            else:
                yield self._new(key, value[key], entry.inner, inner(schema, key))

    def _rows(self, entry: Lines, items: list[Json], schema: Schema) -> Iterator[list[str]]:
        old = [item for item in entry.entries or () if id(item) not in self.moved]
        pairs = pair(
            [self._row(item.value, schema) for item in old], [self._row(item, schema) for item in items]
        )
        for item, before in zip(items, pairs, strict=True):
            if before is not None:
                yield self._entry(old[before], item, schema)
            elif stray := self._stray(item, entry.inner, schema):
                yield stray.written()
            else:
                yield self._new(None, item, entry.inner, schema)

    def _row(self, value: Json, schema: Schema) -> Row:
        fields = value if isinstance(value, dict) else {}
        return Row(
            self._spelled(value, schema),
            {
                key: self._spelled(item, inner(schema, key))
                for key, item in fields.items()
                if item is not None
            },
        )

    def _new(self, key: str | None, value: Json, column: int, schema: Schema) -> list[str]:
        """An entry that was not there; a list of rows may be made of rows from elsewhere."""
        if key is not None and isinstance(value, dict | list) and value:
            head = " " * column + f"{yaml_text.key(key)}:{self.end}"
            made = Lines(key, value, column, own=[head], entries=[], inner=column + _STEP)
            return [head, *self._inside(made, value, schema)]
        return self._rendered(Entry(key, yaml_block.build(value)), column, schema)

    def _rendered(self, entry: Entry, column: int, schema: Schema) -> list[str]:
        if isinstance(entry.value, Block):
            yaml_block.arrange(entry.value, schema)
        return [line + self.end for line in yaml_block.render(Block([entry]), " " * column)]

    def _valued(self, entry: Lines, value: Json) -> list[str]:
        """The own lines of an entry with another single value; a comment beside the value stays."""
        (line, column), (last, end) = entry.spots[()]
        before, after = entry.own[line][:column], entry.own[last][end:]
        if line == last:
            before += "" if before.endswith(" ") else " "
        else:  # a literal block, whose comment stands on its first line
            comment = [text for number, text in entry.comments if number == entry.first + line]
            after = "".join(f"  {text}" for text in comment) + self.end
        first, *rest = yaml_text.lines(value, commented="#" in after)
        if isinstance(value, str) and not rest and _is_quoted_by_choice(entry):
            first = yaml_text.quoted(value)
        pad = " " * (entry.column + _STEP)
        more = [f"{pad}{text}{self.end}" if text else self.end for text in rest]
        return [*entry.own[:line], before + first + after, *more, *entry.own[last + 1 :]]

    def _patched(self, entry: Lines, value: Json) -> list[str] | None:
        """A list or mapping in brackets with other values in the same places; ``None`` for other changes."""
        changed = _changes(entry.value, value)
        if entry.entries is not None or changed is None or not set(changed) <= set(entry.spots):
            return None
        own = list(entry.own)
        for path in sorted(changed, key=lambda path: entry.spots[path], reverse=True):
            (line, start), (last, end) = entry.spots[path]
            new = changed[path]
            text = yaml_text.quoted(new) if isinstance(new, str) else yaml_text.lines(new)[0]
            own[line : last + 1] = [f"{own[line][:start]}{text}{own[last][end:]}"]
        return [*entry.above, *own, *entry.below]

    def _anew(self, entry: Lines, value: Json, schema: Schema) -> list[str]:
        """An entry laid out anew, with the comments that stood in it."""
        beside = [text for number, text in entry.comments if number == entry.first and entry.own]
        within = [text for number, text in entry.comments if not (number == entry.first and entry.own)]
        tails = [line for block in entry.spine() for line in block.below]
        pad = " " * max(entry.column, 0)
        if entry is self.root:
            block = yaml_block.build(value)
            lines = self._block_lines(block, schema)
            return [*entry.above, *(f"{text}{self.end}" for text in (*beside, *within)), *lines, ""]
        made = Entry(entry.key, yaml_block.build(value), trail="  ".join(beside))
        comments = [f"{pad}{text}{self.end}" for text in within]
        return [*entry.above, *comments, *self._rendered(made, entry.column, schema), *tails]

    def _block_lines(self, block: Block | Json, schema: Schema) -> list[str]:
        if not isinstance(block, Block):
            return ["{}" + self.end]
        yaml_block.arrange(block, schema)
        return [line + self.end for line in yaml_block.render(block)]

    def _spelled(self, value: Json, schema: Schema) -> str:
        return json.dumps(plain(value, schema), sort_keys=True)

    def _find_moved(self) -> None:
        """Rows that are gone from one list and new in another, as they were."""
        gone: dict[str, list[Lines]] = {}
        wanted: list[str] = []
        for entry, items, schema in self._lists(self.root, self.data, self.schema):
            left = [self._spelled(item, schema) for item in items if isinstance(item, dict)]
            for row in entry.entries or () if entry else ():
                spelled = self._spelled(row.value, schema)
                if spelled in left:
                    left.remove(spelled)
                elif isinstance(row.value, dict):
                    gone.setdefault(spelled, []).append(row)
            wanted += left
        for spelled in wanted:
            if gone.get(spelled):
                row = gone[spelled].pop(0)
                self.strays.setdefault(spelled, []).append(row)
                self.moved.add(id(row))

    def _lists(
        self, entry: Lines | None, value: Json, schema: Schema
    ) -> Iterator[tuple[Lines | None, list[Json], Schema]]:
        """Every list before and after, side by side."""
        before = entry.value if entry else None
        if isinstance(before, list) or isinstance(value, list):
            yield (
                entry if isinstance(before, list) else None,
                value if isinstance(value, list) else [],
                inner(schema, 0),
            )
        elif isinstance(before, dict) or isinstance(value, dict):
            old = {str(item.key): item for item in (entry.entries if entry else None) or ()}
            new = value if isinstance(value, dict) else {}
            for key in dict.fromkeys((*old, *new)):
                yield from self._lists(old.get(key), new.get(key), inner(schema, key))

    def _stray(self, value: Json, column: int, schema: Schema) -> Lines | None:
        """A row of another list that has this value and stands as far in."""
        rows = self.strays.get(self._spelled(value, schema), [])
        row = next((row for row in rows if row.column == column), None)
        if row is not None:
            rows.remove(row)
        return row


def _changes(before: Json, after: Json) -> dict[Path, Json] | None:
    """The single values that differ, by path; ``None`` where more does."""
    parts: list[tuple[str | int, dict[Path, Json] | None]]
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        parts = [(key, _changes(before[key], after[key])) for key in before]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        parts = [
            (at, _changes(one, other)) for at, (one, other) in enumerate(zip(before, after, strict=True))
        ]
    elif isinstance(before, dict | list) or isinstance(after, dict | list):
        return None
    else:
        return {} if exact(before) == exact(after) else {(): after}
    whole: dict[Path, Json] = {}
    for step, found in parts:
        if found is None:
            return None
        whole.update({(step, *path): value for path, value in found.items()})
    return whole


def _is_quoted_by_choice(entry: Lines) -> bool:
    """Whether a text has quotes that it could do without."""
    ((line, column), _), text = entry.spots[()], entry.value
    mark = entry.own[line][column : column + 1]
    return mark in {'"', "'"} and isinstance(text, str) and yaml_text.key(text) == text


class _Coarse(_Editor):
    """Writes whole keys of the record anew where they differ."""

    __slots__ = ()

    def _entry(self, entry: Lines, value: Json, schema: Schema) -> list[str]:
        if self._spelled(entry.value, schema) == self._spelled(value, schema):
            return entry.written()
        return self._anew(entry, value, schema)

    def _find_moved(self) -> None:
        """Nothing moves by itself."""
