"""How a place wants its rules: severities, thresholds, rules switched off. Data in, Settings out."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING

from builder.frozen import frozen
from builder.problem import SEVERITY_WORDS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from builder.problem import Severity
    from builder.rules.rule import CrossRule, Limits, Rule
    from builder.source import Json

SEVERITY_KEY = "严重程度"
OFF = "关闭"
_WORDS: Mapping[str, Severity | None] = {
    **{word: severity for severity, word in SEVERITY_WORDS.items()},
    OFF: None,
}


@frozen(eq=False)
class Settings:
    """规则设置. What is not named here stays as the rule has it; severity ``None`` switches a rule off.

    Equal only to itself, so that what follows from it can be worked out once.
    """

    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    thresholds: Mapping[str, Limits] = field(default_factory=dict)

    def severity(self, rule: Rule | CrossRule) -> Severity | None:
        """The severity in force, or ``None`` when the rule is switched off."""
        return self.severities.get(rule.code, rule.severity)

    def limits(self, rule: Rule | CrossRule) -> Limits:
        """The thresholds in force."""
        return {**rule.limits, **self.thresholds.get(rule.code, {})}


def read(
    data: Mapping[str, Json], rules: Mapping[str, Rule | CrossRule]
) -> tuple[Settings, tuple[Finding, ...]]:
    """The Settings in ``{规则编号: {严重程度: 警告, 阈值名: 数}}``, and what is wrong with it."""
    severities: dict[str, Severity | None] = {}
    thresholds: dict[str, dict[str, Decimal]] = {}
    faults: list[Finding] = []
    for code, options in data.items():
        if code not in rules:
            faults.append(_unknown(code, (code,), rules))
        elif not isinstance(options, dict):
            hint = f"请在它下面缩进写“{SEVERITY_KEY}: {OFF}”之类。"
            faults.append(Finding("K01", (code,), f"“{code}”下面应是设置", hint))
        else:
            for key, value in options.items():
                faults += _option(code, key, value, rules[code], (severities, thresholds))
    return Settings(severities, thresholds), tuple(faults)


def _option(
    code: str,
    key: str,
    value: Json,
    rule: Rule | CrossRule,
    into: tuple[dict[str, Severity | None], dict[str, dict[str, Decimal]]],
) -> Iterator[Finding]:
    severities, thresholds = into
    if key == SEVERITY_KEY:
        if isinstance(value, str) and value in _WORDS:
            severities[code] = _WORDS[value]
        else:
            yield Finding("K01", (code, key), f"严重程度不能是“{value}”", f"可以写：{'、'.join(_WORDS)}。")
    elif key not in rule.limits:
        yield _unknown(key, (code, key), {SEVERITY_KEY, *rule.limits})
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        thresholds.setdefault(code, {})[key] = Decimal(value)
    else:
        yield Finding("K01", (code, key), f"“{key}”应是一个数", f"例如：{key}: {rule.limits[key]}")


def _unknown(word: str, path: tuple[str, ...], known: Mapping[str, object] | set[str]) -> Finding:
    near = get_close_matches(word, known, 1, 0.5)
    hint = f"是不是想写“{near[0]}”？" if near else f"可以写：{'、'.join(sorted(known))}。"
    return Finding("K01", path, f"不认识的设置“{word}”", hint, on_key=True)
