"""Example records (示例) for tests: one valid project as text, and generated ones a form allows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from builder import schema
from builder.check import check
from builder.model import Fund, Indicator, Project, ProjectId
from builder.source import parse
from builder.tree import SourceFile

if TYPE_CHECKING:
    from builder.check import Checked
    from builder.form import Form

ROOT = Path(__file__).parent.parent
SCHEMAS = schema.load(ROOT / "schema")
CENTRAL = (ROOT / "tests/examples/good/central-2021.yml").read_text(encoding="utf-8")

VALID = """\
表样: ningxia-2024
年度: 2024
序号: 1
项目名称: 示例项目
主管部门: 示例局
部门代码: "999001"
实施单位: 示例局本级
项目属性: 0101-一年期项目
项目期: 1 年
项目资金: # 万元
  年度资金总额: 13.00
  财政拨款: 13.00
  其他资金: 0
年度总体目标:
  - 示例目标一
绩效指标:
  产出指标:
    数量指标:
      - 三级指标: 办理件数
        指标值: ≥980 项
    质量指标:
      - 三级指标: 培训率
        指标值: ≥98%
    时效指标:
      - 三级指标: 按期办结率
        指标值: ≥99%
    成本指标:
      - 三级指标: 培训投入
        指标值: ≤0.3 万元
  效益指标:
    社会效益指标:
      - 三级指标: 群众平均跑动次数
        指标值: ≤1 次
    可持续影响指标:
      - 三级指标: 自助终端使用年限
        指标值: ≥5 年
  满意度指标:
    服务对象满意度指标:
      - 三级指标: 群众满意度
        指标值: ≥98%
"""


def source(text: str, name: str = "2024/999001/示例.yml") -> SourceFile:
    """A text that stands at ``<年度>/<部门代码>/<项目>.yml``."""
    year, code, file = name.split("/")
    return SourceFile(name, text.encode(), ProjectId(int(year), code, file.removesuffix(".yml")))


def checked(text: str, name: str = "2024/999001/示例.yml") -> Checked:
    """The check of a text that stands there."""
    return check(source(text, name), SCHEMAS)


def found(text: str) -> list[tuple[int, int, str]]:
    """Line, column and code of every problem in a text."""
    return [(problem.line, problem.column, problem.code) for problem in checked(text).problems]


class _Dumper(yaml.SafeDumper):
    """Writes exact decimals with the digits they have."""


_Dumper.add_representer(
    Decimal, lambda dumper, number: dumper.represent_scalar("tag:yaml.org,2002:float", f"{number:f}")
)


def laid_over(sample: str, form: str = "ningxia-2024") -> str:
    """A sound record of ``form`` with a rule's example laid over it: a key with null takes the key away."""
    merged = _merged(_data(CENTRAL if form == "central-2021" else VALID), _data(sample))
    return yaml.dump(merged, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _data(text: str) -> dict[str, Any]:
    document, _ = parse(text.encode(), "示例.yml")
    assert document is not None, text
    return dict(document.data)


def _merged(base: Any, over: Any) -> Any:  # noqa: ANN401  YAML
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    keys = [key for key in {**base, **over} if not (key in over and over[key] is None)]
    return {key: _merged(base.get(key), over[key]) if key in over else base[key] for key in keys}


_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20
)
_amounts = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False)


@st.composite
def projects(draw: st.DrawFn, form: Form) -> Project:
    """Any Project that a form can hold, rows in the form's order."""
    indicators = tuple(
        Indicator(level1.name, slot.name, draw(_texts), draw(st.none() | _texts), draw(st.none() | _amounts))
        for level1, slot in form.slots
        for _ in range(draw(st.integers(0, 4)))
    )
    return Project(
        form=form.id,
        year=draw(st.integers(2000, 2100)),
        number=draw(st.none() | st.integers(1, 999)),
        name=draw(_texts),
        department=draw(_texts),
        department_code="999001",
        unit=draw(_texts),
        attribute=draw(st.none() | _texts),
        period=draw(st.none() | _texts),
        total=draw(_amounts),
        funds=tuple(Fund(fund.key, draw(_amounts)) for fund in form.funds if draw(st.booleans())),
        goals=tuple(draw(st.lists(_texts, max_size=5))),
        indicators=indicators,
        execution_weight=Decimal(10) if form.execution else None,
    )
