"""``jixiao new``: a new project's file, with every place to be filled in standing empty."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from builder import decode, schema, skeleton, tree
from builder.commands import terminal
from builder.errors import BuilderError
from builder.frozen import frozen
from builder.source import parse

if TYPE_CHECKING:
    import argparse

    from builder.form import Form
    from builder.source import Json

HELP = "新建一个项目文件"
DESCRIPTION = (
    "按表样新建一个项目文件，要填的栏目都空着，每处有说明。没有用选项给出的，在终端里逐项询问。"
    "部门文件（部门.yml）还没有时一并建立；已有的文件不会改动。"
)

_MAX_STEM = 180  # bytes in UTF-8: sixty Chinese characters
_MAX_YEAR = 9  # digits; more is no year


@frozen()
class _Question:
    """One thing to know: the option that gives it, the key whose schema judges it, how it is asked for."""

    option: str
    key: str
    words: str
    kind: schema.Kind = "project"
    optional: bool = False


_FORM = _Question("form", decode.FORM, "表样（写序号或代号）")
_YEAR = _Question("year", decode.YEAR, "年度（四位数字）")
_CODE = _Question("code", decode.DEPARTMENT_CODE, "部门代码（照表上的数字，前面的 0 也要写）")
_DEPARTMENT = _Question("department", decode.DEPARTMENT_NAME, "部门名称（全称）", "department")
_NAME = _Question("name", decode.NAME, "项目名称（全称）")
_UNIT = _Question("unit", decode.UNIT, "实施单位（全称，回车跳过）", optional=True)
_NEEDED = (_FORM, _YEAR, _CODE, _NAME)


def options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--form", metavar="表样", help="表样的代号，例如 ningxia-2024")
    parser.add_argument("--year", metavar="年度", help="预算年度，四位数字")
    parser.add_argument("--code", metavar="部门代码", help="部门代码，数字")
    parser.add_argument("--department", metavar="部门名称", help="部门全称；已有部门文件时不用写")
    parser.add_argument("--name", metavar="项目名称", help="项目全称")
    parser.add_argument("--unit", metavar="实施单位", help="实施单位全称，可以不写")
    parser.add_argument("--stem", metavar="文件名", help="文件名，不带 .yml；默认取自项目名称")
    parser.add_argument(
        "--targets", type=Path, default=Path("targets"), metavar="文件夹", help="数据文件夹，默认 targets"
    )
    parser.add_argument("--template", metavar="表样", help="只打印这个表样的空白模板，不建文件")
    terminal.add_schema(parser)


def run(options: argparse.Namespace) -> int:
    """Print a template, or ask for what is not known yet and write the file."""
    schemas = schema.load(options.schema or schema.default_folder())
    if options.template is not None:
        form = _form(options.template, schemas)
        print(skeleton.project(form, schemas, {}), end="")
        return terminal.OK
    if not options.targets.is_dir():
        raise BuilderError(f"找不到文件夹“{options.targets}”：请到项目根目录下运行，或用 --targets 指明。")
    _require(options)
    _create(options, schemas)
    return terminal.OK


def _require(options: argparse.Namespace) -> None:
    missing = [f"--{question.option}" for question in _NEEDED if getattr(options, question.option) is None]
    if missing and not sys.stdin.isatty():
        raise BuilderError(f"还缺 {'、'.join(missing)}；在终端里运行时会逐项询问。")


def _create(options: argparse.Namespace, schemas: schema.Schemas) -> None:
    form = _form(str(_answer(_FORM, options, schemas)), schemas)
    answers = {question.key: _answer(question, options, schemas) for question in (_YEAR, _CODE)}
    folder = options.targets / str(answers[decode.YEAR]) / str(answers[decode.DEPARTMENT_CODE])
    department = _department(folder / tree.DEPARTMENT_FILE, options, schemas)
    answers |= {decode.DEPARTMENT: department, decode.NAME: _answer(_NAME, options, schemas)}
    unit = _answer(_UNIT, options, schemas)
    answers |= {decode.UNIT: unit} if unit else {}
    path = folder / f"{_stem(options.stem, str(answers[decode.NAME]))}.yml"
    _write(path, skeleton.project(form, schemas, answers))
    if not (folder / tree.DEPARTMENT_FILE).exists():
        _write(folder / tree.DEPARTMENT_FILE, skeleton.department(schemas, department))
    print(f"下一步：填好空着的地方，再运行 jixiao check {path}")


def _form(name: str, schemas: schema.Schemas) -> Form:
    """A form by its id, or by its number in the list shown."""
    ids = list(schemas.forms)
    numbers = {str(number): form for number, form in enumerate(ids, 1)}
    if numbers.get(name, name) not in schemas.forms:
        raise BuilderError(f"没有表样“{name}”；可以写：{'、'.join(ids)}。")
    return schemas.forms[numbers.get(name, name)]


def _answer(question: _Question, options: argparse.Namespace, schemas: schema.Schemas) -> Json:
    """What an option gives, or else what the person at the terminal answers, asked until it is right."""
    given = getattr(options, question.option)
    if given is not None or (question.optional and not sys.stdin.isatty()):
        return _judged(question, given or "", schemas)
    if question is _FORM:
        for number, form in enumerate(schemas.forms.values(), 1):
            terminal.say(f"  {number}  {form.id}  {form.name}")
    while True:
        try:
            return _judged(question, _ask(question.words), schemas)
        except BuilderError as error:
            terminal.say(f"  {error}")


def _ask(words: str) -> str:
    try:
        return input(f"{words}：")
    except EOFError:
        terminal.say("")
        raise KeyboardInterrupt from None


def _judged(question: _Question, text: str, schemas: schema.Schemas) -> Json:
    """An answer as data; BuilderError, with the words of the check, where its schema refuses it."""
    text = text.strip()
    if question is _FORM:
        return _form(text, schemas).id
    if not text and question.optional:
        return ""
    if not text.isprintable():
        raise BuilderError(f"“{question.key}”里有看不见的字符，请重新写。")
    is_year = question is _YEAR and text.isascii() and text.isdecimal() and len(text) <= _MAX_YEAR
    value: Json = int(text) if is_year else text
    for finding in schema.validate({question.key: value}, schemas, question.kind):
        if finding.path == (question.key,):
            raise BuilderError(f"{finding.message}。{finding.hint}")
    return value


def _department(path: Path, options: argparse.Namespace, schemas: schema.Schemas) -> str:
    """The department's name: from its file where there is one."""
    known = _department_name(path)
    if known is None:
        if options.department is None and not sys.stdin.isatty():
            raise BuilderError(f"还没有“{path}”，请用 --department 写部门全称。")
        return str(_answer(_DEPARTMENT, options, schemas))
    if options.department not in {None, known}:
        raise BuilderError(f"“{path}”里的部门名称是“{known}”，与 --department 不一致。")
    return known


def _department_name(path: Path) -> str | None:
    if not path.exists():
        return None
    raw = tree.read_file(path, inside=path.parent).raw
    document, _ = parse(raw, str(path)) if raw is not None else (None, ())
    name = document.data.get(decode.DEPARTMENT_NAME) if document else None
    return name if isinstance(name, str) and name.strip() else None


def _stem(wanted: str | None, name: str) -> str:
    """The file's stem: as wanted, or the letters and digits of the project's name."""
    fit = re.sub(r"[^\w-]+", "", unicodedata.normalize("NFC", wanted or name)).lstrip("-_")
    fit = unicodedata.normalize("NFC", fit.encode()[:_MAX_STEM].decode(errors="ignore"))
    if not fit or fit == Path(tree.DEPARTMENT_FILE).stem or (wanted is not None and fit != wanted):
        hint = "请用 --stem 另写一个：用汉字、字母、数字和短横，不超过 60 个字，不能是“部门”。"
        raise BuilderError(f"“{wanted or name}”不能作文件名。{hint}")
    return fit


def _write(path: Path, text: str) -> None:
    """Write a new file.

    Raises:
        BuilderError: there is one already, or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise BuilderError(f"“{path}”已经有了，没有改动；另建一个请用 --stem 换个文件名。") from error
    except OSError as error:
        raise BuilderError(f"“{path}”写不了：{error.strerror}。") from error
    print(f"已建立 {path}")
