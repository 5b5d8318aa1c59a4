"""手册: what each code means, for a terminal and as the public page; written from the rules themselves."""

from __future__ import annotations

import re
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from builder.codes import CODES
from builder.markdown import escaped, fence
from builder.problem import SEVERITY_WORDS
from builder.rules.settings import OFF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.codes import Code
    from builder.rules import CrossRule, Rule

SETTINGS_FILE = "rules.yml"
"""Where a place sets severities and thresholds, as readers are told."""

_BAD, _GOOD = "会指出", "不会指出"
_NOT_A_RULE = "这不是规则：只能改正，不能豁免，也不能关闭。"
_USUAL_FORM = "ningxia-2024"
_NULL = re.compile(r"( *)([^\s#-][^:]*): null")


def text(code: Code) -> Iterator[str]:
    """One code for a terminal, a line at a time."""
    yield f"{code.code} {code.title}"
    yield f"{SEVERITY_WORDS[code.severity]}，{code.group}"
    yield ""
    if code.rule is None:
        yield _NOT_A_RULE
        return
    yield code.rule.why
    yield from _limits(code.rule)
    yield ""
    for name, samples in ((_BAD, _samples(code.rule.bad)), (_GOOD, _samples(code.rule.good))):
        for heading, sample in _headed(f"{name}{_form(code.rule)}", samples):
            yield f"{heading}："
            yield from (f"  {line}" for line in sample.splitlines())
            yield ""
    yield f"批复原文就是这样的，可以豁免：在文件的“豁免”里写“规则: {code.code}”和理由。"
    yield f"不合本地要求的，可以在 {SETTINGS_FILE} 里改：{'、'.join(_changes(code.rule))}。"


def listing() -> Iterator[str]:
    """Every code with its severity and title, by group, a line at a time."""
    for group, codes in groupby(CODES.values(), attrgetter("group")):
        yield group
        yield from (f"  {code.code} {SEVERITY_WORDS[code.severity]} {code.title}" for code in codes)
        yield ""
    yield "看某一条的理由和例子：jixiao explain 编号，例如 jixiao explain C01。"


def page() -> str:
    """The public page of rules, in Markdown."""
    rules = [code for code in CODES.values() if code.rule]
    rest = [code for code in CODES.values() if not code.rule]
    return "\n".join(
        (
            *_opening(rules),
            *(line for group, codes in groupby(rules, attrgetter("group")) for line in _group(group, codes)),
            *_closing(rest),
        )
    )


def _opening(rules: list[Code]) -> Iterator[str]:
    yield "<!-- 由规则生成，不要直接改：jixiao explain --format markdown -->"
    yield ""
    yield "# 检查规则"
    yield ""
    yield (
        f"写给填报和审核人员：检查会指出什么、为什么、怎样写就不会被指出。规则共 {len(rules)} 条，"
        "每条有一个不变的编号。检查报告里出现的编号，在这里按字母和数字找；"
        "也可以在命令行里查，例如 `jixiao explain C01`。"
    )
    yield ""
    yield "| 严重程度 | 意思 |"
    yield "|---|---|"
    yield "| 错误 | 改正或豁免以后才能发布 |"
    yield "| 警告 | 需要有人看一眼：改正，或写明理由豁免 |"
    yield "| 提示 | 供参考 |"
    yield ""
    yield (
        "批复原文就是这样的，不改原文，在文件的“豁免”里写明规则和理由。"
        f"不合本地要求的规则，由发布人员在 `{SETTINGS_FILE}` 里改严重程度、改阈值或关闭。"
    )
    yield ""
    yield "例子只写出与规则有关的栏目，其余栏目从略；`# 没有“……”` 表示缺了这一栏。"
    yield ""


def _group(name: str, codes: Iterator[Code]) -> Iterator[str]:
    yield f"## {escaped(name)}"
    yield ""
    for code in codes:
        yield from section(code)


def section(code: Code) -> Iterator[str]:
    """One code in Markdown, under a heading of its own, a line at a time."""
    yield f"### {code.code} {escaped(code.title)} {{ #{code.code} }}"
    yield ""
    yield from entry(code)


def entry(code: Code) -> Iterator[str]:
    """One code in Markdown, without its heading, a line at a time."""
    if code.rule is None:
        yield _NOT_A_RULE
        return
    yield f"**{SEVERITY_WORDS[code.severity]}**。{escaped(code.rule.why)}"
    yield ""
    for limit in _limits(code.rule):
        yield escaped(limit)
        yield ""
    for name, samples in ((_BAD, _samples(code.rule.bad)), (_GOOD, _samples(code.rule.good))):
        for heading, sample in _headed(f"{name}{_form(code.rule)}", samples):
            yield f"{escaped(heading)}："
            yield ""
            yield fence(sample, "yaml")
            yield ""


def _closing(rest: list[Code]) -> Iterator[str]:
    yield "## 不是规则的编号"
    yield ""
    yield "文件读不懂、栏目不对、放错位置，或豁免本身有问题，也有编号。它们只能改正，不能豁免，也不能关闭。"
    yield ""
    for group, codes in groupby(rest, attrgetter("group")):
        yield f"{escaped(group)}："
        yield ""
        for code in codes:
            word = SEVERITY_WORDS[code.severity]
            yield f"- **{code.code}**{{ #{code.code} }} {escaped(code.title)}（{word}）"
        yield ""


def _limits(rule: Rule | CrossRule) -> Iterator[str]:
    if rule.limits:
        listed = "，".join(f"{name} {value:f}" for name, value in rule.limits.items())
        yield f"阈值：{listed}。"


def _changes(rule: Rule | CrossRule) -> Iterator[str]:
    yield f"严重程度（{'、'.join(SEVERITY_WORDS.values())}、{OFF}）"
    if rule.limits:
        yield "阈值"


def _form(rule: Rule | CrossRule) -> str:
    return "" if rule.form == _USUAL_FORM else f"（表样 {rule.form}）"


def _samples(samples: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_shown(one) for one in ((samples,) if isinstance(samples, str) else samples))


def _headed(name: str, samples: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each sample with its heading; of several files, with its number."""
    for number, sample in enumerate(samples, 1):
        yield (name if len(samples) == 1 else f"{name}，第 {number} 份文件"), sample


def _shown(sample: str) -> str:
    """An example as readers see it: a key that null takes away is said to be missing."""
    if sample.strip() == "{}":
        return "# 一个没有问题的项目"
    lines = sample.splitlines()
    return "\n".join(_absent(line, lines[:number]) for number, line in enumerate(lines))


def _absent(line: str, before: list[str]) -> str:
    match = _NULL.fullmatch(line)
    if match is None or _in_list_item(len(match[1]), before):
        return line
    return f"{match[1]}# 没有“{match[2]}”"


def _in_list_item(indent: int, before: list[str]) -> bool:
    """Whether a key at ``indent`` belongs to an item of a list, where null is a value."""
    above = next((line for line in reversed(before) if len(line) - len(line.lstrip()) < indent), "")
    return above.lstrip().startswith("- ")
