"""文字 (group T): what copying and extraction leave behind in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.decode import goal
from builder.problem import Finding, Severity
from builder.rules.rule import Rule, example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.rules.rule import Limits, Subject

_MARKUP = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:nbsp|lt|gt|amp|quot|#[0-9]+);")
# Three characters or more at once: shorter ones repeat in good Chinese (人人, 研究研究).
_REPEATED = re.compile(r"(?P<piece>[\u4e00-\u9fff]{3,12})(?P=piece)")
_NUMBERED = re.compile(r"\s*(?:目标|目标任务)\s*[0-9一二三四五六七八九十]+\s*[:：、.．]")
_HALF = re.compile("[,;:!?]")
_HALF_IN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])\s*(?P<mark>[,;:!?])")
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}


def no_markup(subject: Subject, _: Limits) -> Iterator[Finding]:
    """T01: no remains of HTML."""
    for path, text in subject.texts_with(_MARKUP, "<", "&"):
        if match := _MARKUP.search(text):
            message = f"文字里有网页标签“{match.group()}”"
            yield Finding("T01", path, message, "请删去标签，只留文字；原文确实有的，请写豁免说明。")


def no_repeated_piece(subject: Subject, _: Limits) -> Iterator[Finding]:
    """T02: no piece of text twice in a row."""
    for path, text in subject.texts_with(_REPEATED):
        if match := _REPEATED.search(text):
            message = f"“{match['piece']}”连着写了两遍"
            yield Finding("T02", path, message, "请对照原文核对；原文就是这样的，请写豁免说明。")


def goals_unnumbered(subject: Subject, _: Limits) -> Iterator[Finding]:
    """T03: goals carry no number of their own, because the form prints one."""
    for index, text in enumerate(subject.project.goals):
        if match := _NUMBERED.match(text):
            message = f"目标里写了编号“{match.group().strip()}”，印出来会有两个编号"
            hint = f"请删去编号，写成：{text[match.end() :].strip()[:20]}……"
            yield Finding("T03", goal(index), message, hint)


def one_width(subject: Subject, _: Limits) -> Iterator[Finding]:
    """T04: punctuation between Chinese characters is of one width; said once for a file."""
    texts = subject.texts_with(_HALF, *_FULL)
    found = [(path, match) for path, text in texts for match in _HALF_IN_CHINESE.finditer(text)]
    if found:
        path, match = found[0]
        mark = match["mark"]
        message = f"汉字之间用了半角标点，共 {len(found)} 处，这里是“{mark}”"
        hint = f"还没有批复的，请改成全角“{_FULL[mark]}”；已经批复的照原文，不用改。"
        yield Finding("T04", path, message, hint)


def no_outer_space(subject: Subject, _: Limits) -> Iterator[Finding]:
    """T06: no text begins or ends with a space."""
    if subject.words == [text.strip() for text in subject.words]:
        return
    for path, text in subject.texts:
        if text != text.strip():
            yield Finding("T06", path, f"“{text.strip()[:20]}”的前后有空格", "请删去前后的空格。")


RULES = (
    Rule(
        code="T01",
        severity=Severity.ERROR,
        title="没有网页标签",
        why="从网页或系统里复制文字时会带进“<p>”之类的标签，它们不是内容。",
        bad="年度总体目标:\n  - <p>保障大厅的日常运行</p>\n",
        good="年度总体目标:\n  - 保障大厅的日常运行\n",
        check=no_markup,
    ),
    Rule(
        code="T02",
        severity=Severity.WARNING,
        title="没有重复的片段",
        why="复制粘贴时容易把一段文字贴两遍。",
        bad=example("效益指标", "社会效益指标", ("方便企业方便企业和群众", "有效提高")),
        good=example("效益指标", "社会效益指标", ("方便企业和群众", "有效提高")),
        check=no_repeated_piece,
    ),
    Rule(
        code="T03",
        severity=Severity.WARNING,
        title="目标不自带编号",
        why="“目标 1：”由表样统一印出；自己再写会印成两个。",
        bad='年度总体目标:\n  - "目标 1: 保障大厅的日常运行"\n',
        good="年度总体目标:\n  - 保障大厅的日常运行\n",
        check=goals_unnumbered,
    ),
    Rule(
        code="T04",
        severity=Severity.INFO,
        title="汉字之间用全角标点",
        why="出版物的通行写法；全角半角混用也使检索和比较出错。已批复的文字照原文公开，不改。",
        bad="年度总体目标:\n  - 保障大厅的日常运行, 提高效率\n",
        good="年度总体目标:\n  - 保障大厅的日常运行，提高效率\n",
        check=one_width,
    ),
    Rule(
        code="T06",
        severity=Severity.WARNING,
        title="文字前后没有空格",
        why="看不见的空格会使同名的项目、指标对不上。",
        bad='项目名称: "示例项目 "\n',
        good="项目名称: 示例项目\n",
        check=no_outer_space,
    ),
)
