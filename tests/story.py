"""A history in forty commits, told by hand: what each does to the files, and what it does to the targets.

Every kind of change is in it, with renames, merges, a revert, and commits that change nothing in meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.gitref.revision import commit
from tests.records import VALID
from tests.test_gitref import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Act = Callable[[Path], None]

FOLDER = "targets/2024/999001"
ONE, TWO = f"{FOLDER}/窗口.yml", f"{FOLDER}/河道.yml"
DEPARTMENT = f"{FOLDER}/部门.yml"
WAIVER = "豁免:\n  - 规则: C02\n    指标: 办理件数\n    理由: 批复原文没有\n"
SECOND = (
    VALID.replace("序号: 1", "序号: 2")
    .replace("示例项目", "示例河道项目")
    .replace("示例目标一", "示例河道清洁")
    .replace("办理件数", "巡查里程")
    .replace("≥980 项", "≥100 公里")
    .replace("培训率", "水质达标率")
    .replace("按期办结率", "清淤及时率")
)


@dataclass(frozen=True)
class Step:
    """One commit: its message, what is done, and the kind and words of every change it makes."""

    message: str
    act: Act
    expected: tuple[tuple[str, str], ...] = ()


def _write(name: str, text: str) -> Act:
    def act(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")

    return act


def _edit(name: str, *edits: tuple[str, str]) -> Act:
    def act(folder: Path) -> None:
        text = (folder / name).read_bytes().decode()
        for old, new in edits:
            assert text.count(old) == 1, f"{text.count(old)} × {old}"
            text = text.replace(old, new)
        _write(name, text)(folder)

    return act


def _move(name: str, to: str) -> Act:
    def act(folder: Path) -> None:
        (folder / to).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(folder / to)

    return act


def _all(*acts: Act) -> Act:
    def act(folder: Path) -> None:
        for one in acts:
            one(folder)

    return act


def _merged(branch: str, theirs: Act, ours: Act) -> Act:
    """A branch with one commit and one commit here, then merged, not yet committed."""

    def act(folder: Path) -> None:
        git(folder, "checkout", "-q", "-b", branch)
        theirs(folder)
        git(folder, "commit", "-qam", f"{branch}：另一处改动")
        git(folder, "checkout", "-q", "main")
        ours(folder)
        git(folder, "commit", "-qam", "同时在 main 上改动")
        git(folder, "merge", "-q", "--no-ff", "--no-commit", branch)

    return act


def _reverted(folder: Path) -> None:
    git(folder, "revert", "--no-commit", "HEAD")


def _crlf(folder: Path) -> None:
    path = folder / ONE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


STEPS = (
    Step("第一批公开", _all(_write(ONE, VALID), _write(DEPARTMENT, "部门名称: 示例局\n"))),
    Step(
        "增加河道项目",
        _write(TWO, SECOND),
        (("project-added", "新增项目：示例河道项目 13.00 万元，7 个指标"),),
    ),
    Step(
        "满意度降低",
        _edit(ONE, ("群众满意度\n        指标值: ≥98%", "群众满意度\n        指标值: ≥95%")),
        (("target-weaker", "群众满意度 ≥98% → ≥95%：目标降低"),),
    ),
    Step(
        "投入放宽",
        _edit(ONE, ("≤0.3 万元", "≤4000 元")),
        (("target-weaker", "培训投入 ≤0.3 万元 → ≤4000 元：目标放宽"),),
    ),
    Step(
        "件数提高",
        _edit(ONE, ("≥980 项", "≥1000 项")),
        (("target-stricter", "办理件数 ≥980 项 → ≥1000 项：目标提高"),),
    ),
    Step(
        "跑动次数改成文字",
        _edit(ONE, ("≤1 次", "明显减少")),
        (("made-qualitative", "群众平均跑动次数 ≤1 次 → 明显减少：定量改为定性"), ("problem-new", "A09")),
    ),
    Step(
        "换一种说法",
        _edit(ONE, ("明显减少", "大幅减少")),
        (("target-unclear", "群众平均跑动次数 明显减少 → 大幅减少：看不出提高还是降低（都是文字）"),),
    ),
    Step(
        "改回数字",
        _edit(ONE, ("大幅减少", "≤2 次")),
        (("made-quantitative", "群众平均跑动次数 大幅减少 → ≤2 次：定性改为定量"), ("problem-fixed", "A09")),
    ),
    Step(
        "符号写反",
        _edit(ONE, ("≥5 年", "≤5 年")),
        (("target-unclear", "自助终端使用年限 ≥5 年 → ≤5 年：看不出提高还是降低（方向反了）"),),
    ),
    Step(
        "符号改正",
        _edit(ONE, ("≤5 年", "≥5 年")),
        (("target-unclear", "自助终端使用年限 ≤5 年 → ≥5 年：看不出提高还是降低（方向反了）"),),
    ),
    Step(
        "单位改变",
        _edit(ONE, ("≥1000 项", "≥1000 件")),
        (("unit-changed", "办理件数 ≥1000 项 → ≥1000 件：单位改变"),),
    ),
    Step(
        "增加完成时间",
        _edit(
            ONE,
            (
                "        指标值: ≥99%\n",
                "        指标值: ≥99%\n      - 三级指标: 设备更新完成时间\n        指标值: 2024年11月底前\n",
            ),
        ),
        (("indicator-added", "新增指标：时效指标“设备更新完成时间” 2024年11月底前"),),
    ),
    Step(
        "提前",
        _edit(ONE, ("2024年11月底前", "2024年9月底前")),
        (("deadline-earlier", "设备更新完成时间 2024年11月底前 → 2024年9月底前：时限提前"),),
    ),
    Step(
        "推迟",
        _edit(ONE, ("2024年9月底前", "2024年12月底前")),
        (
            ("deadline-later", "设备更新完成时间 2024年9月底前 → 2024年12月底前：时限推迟"),
            ("problem-new", "F02"),
        ),
    ),
    Step(
        "追加预算",
        _edit(ONE, ("年度资金总额: 13.00", "年度资金总额: 20.00"), ("财政拨款: 13.00", "财政拨款: 20.00")),
        (("funding-raised", "年度资金总额 13.00 万元 → 20.00 万元：增加 7 万元（53.8%）"),),
    ),
    Step(
        "压减预算",
        _edit(ONE, ("年度资金总额: 20.00", "年度资金总额: 15.00"), ("财政拨款: 20.00", "财政拨款: 15.00")),
        (("funding-lowered", "年度资金总额 20.00 万元 → 15.00 万元：减少 5 万元（25.0%）"),),
    ),
    Step(
        "换来源",
        _edit(ONE, ("财政拨款: 15.00", "财政拨款: 12.00"), ("其他资金: 0", "其他资金: 3")),
        (
            (
                "funding-shifted",
                "财政拨款 15.00 万元，其他资金 0 万元 → 财政拨款 12.00 万元，其他资金 3 万元：资金来源变化",
            ),
        ),
    ),
    Step(
        "增加目标",
        _edit(ONE, ("  - 示例目标一\n", "  - 示例目标一\n  - 全年办理事项不积压\n")),
        (("goal-added", "新增总体目标：年度总体目标 全年办理事项不积压"),),
    ),
    Step(
        "目标改写",
        _edit(ONE, ("全年办理事项不积压", "全年办理事项基本不积压")),
        (("goal-changed", "年度总体目标 全年办理事项不积压 → 全年办理事项基本不积压：总体目标改写"),),
    ),
    Step(
        "目标删去",
        _edit(ONE, ("  - 全年办理事项基本不积压\n", "")),
        (("goal-removed", "删去总体目标：年度总体目标 全年办理事项基本不积压"),),
    ),
    Step(
        "指标改名",
        _edit(ONE, ("三级指标: 培训率", "三级指标: 参与培训率")),
        (("indicator-reworded", "质量指标 培训率 → 参与培训率：指标改名"),),
    ),
    Step(
        "指标换归类",
        _edit(
            ONE,
            ("      - 三级指标: 设备更新完成时间\n        指标值: 2024年12月底前\n", ""),
            (
                "        指标值: ≥5 年\n",
                "        指标值: ≥5 年\n      - 三级指标: 设备更新完成时间\n        指标值: 2024年12月底前\n",
            ),
        ),
        (("indicator-moved", "设备更新完成时间 时效指标 → 可持续影响指标：指标换了归类"),),
    ),
    Step(
        "指标删去",
        _edit(ONE, ("      - 三级指标: 设备更新完成时间\n        指标值: 2024年12月底前\n", "")),
        (
            ("indicator-removed", "删去指标：可持续影响指标“设备更新完成时间” 2024年12月底前"),
            ("problem-fixed", "F02"),
        ),
    ),
    Step(
        "加权重",
        _edit(ONE, ("≥1000 件", "≥1000 件\n        权重: 10")),
        (("weight-changed", "权重改变：办理件数 权重 10"),),
    ),
    Step(
        "加备注",
        _edit(ONE, ("权重: 10", "权重: 10\n        备注: 含网上办理")),
        (("note-changed", "备注改动：办理件数 备注 含网上办理"),),
    ),
    Step(
        "值丢失",
        _edit(ONE, ("≥1000 件", "null")),
        (
            ("target-weaker", "不再有指标值，目标降低：办理件数 ≥1000 件"),
            ("problem-new", "C02"),
        ),
    ),
    Step(
        "写明原文如此",
        _edit(
            ONE,
            (
                "群众满意度\n        指标值: ≥95%\n",
                f"群众满意度\n        指标值: ≥95%\n{WAIVER}",
            ),
        ),
        (("waiver-added", "新增豁免：办理件数 豁免 C02 批复原文没有"),),
    ),
    Step(
        "补上值，去掉豁免",
        _edit(
            ONE,
            ("指标值: null", "指标值: ≥1000 件"),
            (WAIVER, ""),
        ),
        (
            ("target-stricter", "补上了指标值：办理件数 ≥1000 件"),
            ("waiver-removed", "去掉豁免：办理件数 豁免 C02 批复原文没有"),
        ),
    ),
    Step("写坏了", _edit(TWO, ("绩效指标:", "绩效指标")), (("problem-new", "Y06"),)),
    Step("改好了", _edit(TWO, ("绩效指标", "绩效指标:")), (("problem-fixed", "Y06"),)),
    Step(
        "延长项目期",
        _edit(TWO, ("项目期: 1 年", "项目期: 3 年")),
        (("problem-new", "F04"), ("field-changed", "项目期 1 年 → 3 年：栏目改动")),
    ),
    Step(
        "部门改名",
        _all(
            _edit(ONE, ("主管部门: 示例局", "主管部门: 示例委")),
            _edit(TWO, ("主管部门: 示例局", "主管部门: 示例委")),
            _edit(DEPARTMENT, ("示例局", "示例委")),
        ),
        (
            ("department-changed", "主管部门 999001 示例局 → 999001 示例委：部门变化"),
            ("department-changed", "主管部门 999001 示例局 → 999001 示例委：部门变化"),
            ("department-changed", "部门名称 示例局 → 示例委：部门变化"),
        ),
    ),
    Step(
        "项目改名",
        _edit(TWO, ("示例河道项目", "示例河道整治项目")),
        (("project-renamed", "项目名称 示例河道项目 → 示例河道整治项目：项目改名"),),
    ),
    Step("只加注释", _edit(ONE, ("表样:", "# 说明：示例\n表样:"))),
    Step(
        "只换键的次序和引号",
        _edit(ONE, ("年度: 2024\n序号: 1\n", "序号: 1\n年度: 2024\n"), ("≥99%", '"≥99%"')),
    ),
    Step("只换换行符", _crlf),
    Step(
        "文件改名",
        _move(ONE, f"{FOLDER}/政务窗口.yml"),
        (("project-renamed", f"{ONE} → {FOLDER}/政务窗口.yml：文件改名"),),
    ),
    Step(
        "改部门代码",
        _all(
            _move(TWO, "targets/2024/999002/河道.yml"),
            _edit("targets/2024/999002/河道.yml", ('"999001"', '"999002"')),
        ),
        (
            ("project-renamed", f"{TWO} → targets/2024/999002/河道.yml：文件改名"),
            ("department-changed", "主管部门 999001 示例委 → 999002 示例委：部门变化"),
        ),
    ),
    Step(
        "合并另一处改动",
        _merged(
            "修改",
            _edit("targets/2024/999002/河道.yml", ("≥100 公里", "≥90 公里")),
            _edit(f"{FOLDER}/政务窗口.yml", ("# 说明：示例\r\n", "")),
        ),
        (("target-weaker", "巡查里程 ≥100 公里 → ≥90 公里：目标降低"),),
    ),
    Step(
        "删去项目",
        lambda folder: (folder / "targets/2024/999002/河道.yml").unlink(),
        (("project-removed", "删去项目：示例河道整治项目 13.00 万元，7 个指标"),),
    ),
    Step(
        "撤回删去",
        _reverted,
        (("problem-new", "F04"), ("project-added", "新增项目：示例河道整治项目 13.00 万元，7 个指标")),
    ),
)


def tell(folder: Path) -> list[str]:
    """Make the history in ``folder``; the names of the commits of ``STEPS``, in order."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "core.autocrlf", "false")
    names = []
    for number, step in enumerate(STEPS):
        step.act(folder)
        git(folder, "add", "-A")
        day = f"2024-{1 + number // 28:02}-{1 + number % 28:02}"
        git(folder, "commit", "-q", "--allow-empty", "-m", step.message, date=day)
        names.append(commit(folder, "HEAD"))
    return names
