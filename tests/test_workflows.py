from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.code_host import Host, Redirect, served
from tests.records import ROOT, VALID
from tests.test_gitref import git

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CI = ROOT / "docs" / "ci"
FILES = {path.relative_to(CI).as_posix(): path.read_text(encoding="utf-8") for path in CI.rglob("*.*")}
MARKER = "<!-- jixiao diff -->"
RECORD = "targets/2024/999001/示例.yml"
WEAKER = VALID.replace("≥980 项", "≥900 项")
WRONG = VALID.replace("≤0.3 万元", ">0.3 万元")


def _yaml(name: str) -> Any:  # noqa: ANN401  YAML
    return yaml.safe_load(FILES[name])


CHECK, COMMENT, GITLAB = (
    _yaml(name) for name in ("github/check.yml", "github/comment.yml", "gitlab/gitlab-ci.yml")
)
ON = True  # what YAML 1.1 makes of the key "on"


def _steps(workflow: Any) -> list[Any]:  # noqa: ANN401  YAML
    (job,) = workflow["jobs"].values()
    return list(job["steps"])


# What the files must be


def test_the_job_that_runs_the_code_of_a_pull_request_can_only_read() -> None:
    assert CHECK[ON].keys() == {"pull_request"}
    assert CHECK["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in CHECK["jobs"].values())
    (checkout,) = (step for step in _steps(CHECK) if step.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert not re.search(r"secrets\.|github\.token|GITHUB_TOKEN", FILES["github/check.yml"])


def test_the_job_that_may_write_takes_no_code_and_no_more_rights_than_it_needs() -> None:
    assert COMMENT[ON].keys() == {"workflow_run"}
    assert COMMENT[ON]["workflow_run"]["workflows"] == [CHECK["name"]]
    assert COMMENT["permissions"] == {}
    (job,) = COMMENT["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert "workflow_run.event == 'pull_request'" in job["if"]
    assert not [step for step in job["steps"] if "uses" in step]
    assert not re.search(r"secrets\.|checkout|subprocess|os\.system|extract", FILES["github/comment.yml"])


def test_no_workflow_runs_on_the_target_of_a_pull_request() -> None:
    assert [name for name, text in FILES.items() if "pull_request_target" in text] == []


def test_no_expression_of_the_host_is_pasted_into_a_script() -> None:
    steps = [*_steps(CHECK), *_steps(COMMENT)]
    assert not [step["name"] for step in steps if "${{" in step.get("run", "")]


def test_everything_in_the_environment_of_a_step_is_fixed_or_the_token() -> None:
    values = [value for step in [*_steps(CHECK), *_steps(COMMENT)] for value in step.get("env", {}).values()]
    assert values == ["${{ github.token }}"]
    assert not [value for value in CHECK["env"].values() if "${{" in value]


def test_every_action_names_a_version_and_the_file_says_to_pin_it() -> None:
    uses = [step["uses"] for step in _steps(CHECK) if "uses" in step]
    assert uses
    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", one) for one in uses)
    assert "完整提交号" in FILES["github/check.yml"]


def test_on_gitlab_only_one_job_can_have_the_token_and_it_takes_no_code() -> None:
    users = [name for name, job in GITLAB.items() if "JIXIAO_NOTE_TOKEN" in json.dumps(job)]
    assert users == ["note"]
    note = GITLAB["note"]
    assert (note["variables"], note["before_script"]) == ({"GIT_STRATEGY": "none"}, [])
    assert note["environment"]["name"] == "jixiao-note"
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in note["rules"][0]["if"]
    assert "python3 -I -" in note["script"][0], "no module of the artifact can be imported"
    assert GITLAB["variables"]["GIT_DEPTH"] == "0"


def test_what_gitlab_shows_of_a_preview_has_a_name_it_accepts() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_ -]*", GITLAB["preview"]["artifacts"]["expose_as"])
    assert GITLAB["check"]["artifacts"]["reports"] == {"codequality": "gl-code-quality.json"}


def test_what_may_stand_in_a_comment_is_looked_at_alike_on_every_host() -> None:
    def rules(name: str) -> str:
        lines = FILES[name].partition("MARKER = ")[2].partition("return text")[0].splitlines()
        return "\n".join(line.strip() for line in lines)

    names = ("github/comment.yml", "gitlab/gitlab-ci.yml", "gitee/comment.sh")
    assert rules(names[0])
    assert len({rules(name) for name in names}) == 1


def test_no_file_names_a_host_of_packages() -> None:
    assert not [name for name, text in FILES.items() if re.search(r"pypi|tuna|aliyun|npmjs", text)]


# Running them


def _remote(folder: Path, text: str) -> Path:
    """A repository on a code host: main, a branch that changes the record to ``text``, and their merge."""
    work, remote = folder / "work", folder / "remote.git"
    path = work / RECORD
    path.parent.mkdir(parents=True)
    path.write_text(VALID, encoding="utf-8")
    shutil.copytree(ROOT / "docs", work / "docs")
    (work / "docs" / "data-provenance.md").write_text("# 数据来源\n\n示例。\n", encoding="utf-8")
    shutil.copy(ROOT / "mkdocs.yml", work)
    git(folder, "init", "--bare", "-b", "main", str(remote))
    git(work, "init", "-b", "main")
    git(work, "add", "-A")
    git(work, "commit", "-m", "first")
    git(work, "checkout", "-b", "修改")
    path.write_text(text, encoding="utf-8")
    git(work, "commit", "-am", "change")
    git(work, "checkout", "main")
    (work / "README.md").write_text("示例\n", encoding="utf-8")
    git(work, "add", "-A")
    git(work, "commit", "-m", "meanwhile")
    git(work, "checkout", "-b", "merged")
    git(work, "merge", "--no-ff", "-m", "merge", "修改")
    git(work, "push", str(remote), "main", "修改", "merged:refs/pull/7/merge")
    return remote


def _clone(remote: Path, folder: Path, revision: str) -> Path:
    """What a runner has: every branch of the remote, and one revision checked out on no branch."""
    folder.mkdir(parents=True)
    git(folder, "init", "-b", "unused")
    git(folder, "remote", "add", "origin", str(remote))
    git(folder, "fetch", "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/pull/*:refs/remotes/pull/*")
    git(folder, "checkout", "--detach", revision)
    return folder


def _environment(**more: str) -> dict[str, str]:
    """Nothing of ours but the program, which is on the PATH as on a runner where it is installed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": "/nonexistent", "CI": "true", **more}


def _bash(script: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


class _Run(dict[str, subprocess.CompletedProcess[str]]):
    """The steps that ran, by name, and the folder."""

    folder: Path

    @property
    def passed(self) -> bool:
        return all(step.returncode == 0 for step in self.values())


def _github(folder: Path, remote: Path, **settings: str) -> _Run:
    """Run the shell steps of ``check.yml``; like the host, stop at the first that fails."""
    run = _Run()
    run.folder = _clone(remote, folder / "runner", "refs/remotes/pull/7/merge")
    for name in ("env", "summary"):
        (folder / name).write_text("", encoding="utf-8")
    environment = _environment(
        **CHECK["env"],
        GITHUB_BASE_REF="main",
        GITHUB_ENV=str(folder / "env"),
        GITHUB_STEP_SUMMARY=str(folder / "summary"),
    )
    for step in _steps(CHECK):
        if "run" not in step:
            continue
        lines = (folder / "env").read_text(encoding="utf-8").splitlines()
        known = dict(line.split("=", 1) for line in lines)
        run[step["name"]] = _bash(step["run"], run.folder, {**environment, **settings, **known})
        if run[step["name"]].returncode:
            break
    return run


def test_a_weaker_target_passes_the_check_and_is_told_in_the_comment_with_a_preview(tmp_path: Path) -> None:
    run = _github(tmp_path, _remote(tmp_path, WEAKER))
    assert run.passed, run
    comment = (run.folder / "comment" / "comment.md").read_text(encoding="utf-8")
    assert comment.startswith(f"{MARKER}\n")
    assert "目标降低" in comment
    assert "1 个文件，1 处变化" in comment, "what main did meanwhile is no change of the branch"
    assert "≥900 项" in (run.folder / "preview/2024/999001/示例/index.html").read_text(encoding="utf-8")
    summary = (tmp_path / "summary").read_text(encoding="utf-8")
    assert summary.index("绩效目标检查") < summary.index("目标降低")


def test_an_error_is_marked_on_its_line_and_fails_the_run_at_its_end(tmp_path: Path) -> None:
    run = _github(tmp_path, _remote(tmp_path, WRONG))
    assert f"::error file={RECORD},line=29," in run["检查，标注到行"].stdout
    assert run["检查，标注到行"].returncode == 0
    assert run["结论"].returncode == 1
    assert (run.folder / "comment" / "comment.md").read_text(encoding="utf-8").startswith(MARKER)
    assert not (run.folder / "preview").exists()


@pytest.mark.parametrize(("kinds", "passes"), [("target-weaker", False), ("target-stricter", True)])
def test_a_gate_fails_the_run_on_the_changes_it_names(tmp_path: Path, kinds: str, *, passes: bool) -> None:
    run = _github(tmp_path, _remote(tmp_path, WEAKER), JIXIAO_FAIL_ON=kinds)
    assert run.passed is passes
    assert list(run)[-1] == "结论"


def test_what_cannot_be_checked_fails_at_once(tmp_path: Path) -> None:
    remote = _remote(tmp_path, WEAKER)
    shutil.rmtree(tmp_path / "work" / "targets")
    git(tmp_path / "work", "commit", "-am", "no data")
    git(tmp_path / "work", "push", "-f", str(remote), "merged:refs/pull/7/merge")
    run = _github(tmp_path, remote)
    assert not run.passed
    assert list(run)[-1] == "检查，标注到行"


def _installed(script: str, folder: Path, **variables: str) -> list[str]:
    """What the install step asks of Python on a machine without the program."""
    tools = folder / "tools"
    tools.mkdir()
    (tools / "python3").write_text('#!/bin/sh\necho "$*" >> "$LOG"\n', encoding="utf-8")
    (tools / "python3").chmod(0o755)
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "LOG": str(folder / "log"), **variables}
    done = _bash(script, folder, environment)
    log = folder / "log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else [done.stderr]


@pytest.mark.parametrize(
    "script", [_steps(CHECK)[2]["run"], GITLAB["default"]["before_script"][0]], ids=["github", "gitlab"]
)
def test_the_program_comes_from_the_lock_or_from_where_the_file_says_and_never_from_a_guess(
    tmp_path: Path, script: str
) -> None:
    for name in ("without", "named", "locked"):
        (tmp_path / name).mkdir()
    (tmp_path / "locked" / "requirements.lock").write_text("", encoding="utf-8")
    empty = {"PIP_INDEX_URL": "", "JIXIAO_PACKAGE": ""}
    (said,) = _installed(script, tmp_path / "without", **empty)
    assert "从哪里安装" in said
    assert _installed(script, tmp_path / "locked", **empty)[0].startswith("-m pip install --require-hashes ")
    named = {**empty, "JIXIAO_PACKAGE": "./a.whl; touch x"}
    assert _installed(script, tmp_path / "named", **named) == ["-m pip install ./a.whl; touch x"]


# The comment on GitHub


SHA = "c" * 40
EVENT = {
    "workflow_run": {
        "id": 5,
        "head_sha": SHA,
        "head_branch": "修改&state=closed",
        "head_repository": {"owner": {"login": "fork"}},
        "conclusion": "failure",
        "html_url": "https://code.example/runs/5",
        "pull_requests": [],
    }
}
API = "/repos/budget/targets"
GOOD = (
    f"{MARKER}\n## 绩效目标的变化\n\n<details><summary>示例</summary>\n\n| &#64;<!-- -->a |\n\n</details>\n"
)


def _zip(*entries: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, data)
    return packed.getvalue()


def _pulls(*shas: str) -> list[dict[str, object]]:
    return [{"number": 7 + number, "head": {"sha": sha}} for number, sha in enumerate(shas)]


def _on_github(packed: bytes, *, shas: tuple[str, ...] = ("d" * 40, SHA)) -> Host:
    """A host with one artifact and pull requests; number 8 stands at the commit that was checked."""
    artifacts = [
        {"id": 9, "name": "comment", "expired": False, "size_in_bytes": len(packed)},
        {"id": 3, "name": "comment", "expired": False, "size_in_bytes": 10},
        {"id": 99, "name": "preview", "expired": False, "size_in_bytes": 10**9},
    ]
    return Host(
        comments_at=f"{API}/issues/8/comments",
        edited_at=f"{API}/issues/comments",
        author={"user": {"login": "github-actions[bot]"}},
        answers={
            f"{API}/pulls": _pulls(*shas),
            f"{API}/actions/runs/5/artifacts": {"artifacts": artifacts},
            f"{API}/actions/artifacts/9/zip": packed,
        },
    )


def _comment(folder: Path, host: Host) -> subprocess.CompletedProcess[str]:
    """Run the step of ``comment.yml``."""
    (step,) = _steps(COMMENT)
    assert step["shell"] == "python3 -I {0}"
    (folder / "step.py").write_text(step["run"], encoding="utf-8")
    (folder / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", "step.py"],
        cwd=folder,
        env=_environment(
            GITHUB_API_URL=host.address,
            GITHUB_REPOSITORY="budget/targets",
            GITHUB_EVENT_PATH=str(folder / "event.json"),
            GITHUB_TOKEN="示例令牌".encode().hex(),
        ),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


@pytest.fixture
def host() -> Iterator[Host]:
    with served(_on_github(_zip(("comment.md", GOOD.encode())))) as running:
        yield running


def test_the_comment_is_posted_once_and_updated_after_that(tmp_path: Path, host: Host) -> None:
    host.comments += [
        {"id": number, "user": {"login": "someone"}, "body": f"{MARKER}\n"} for number in range(1, 151)
    ]
    for _ in range(2):
        done = _comment(tmp_path, host)
        assert done.returncode == 0, done.stderr
    assert host.written == [
        ("POST", f"{API}/issues/8/comments"),
        ("PATCH", f"{API}/issues/comments/151"),
    ]
    body = host.comments[-1]["body"]
    assert body.startswith(GOOD)
    assert body.endswith("检查：**没有通过**。[逐条的问题和网站预览](https://code.example/runs/5)\n")
    assert {one["body"] for one in host.comments[:150]} == {f"{MARKER}\n"}, "nobody else's is touched"


def test_the_pull_request_is_found_by_the_branch_and_commit_of_the_event(tmp_path: Path, host: Host) -> None:
    _comment(tmp_path, host)
    asked = next(one for one in host.asked if one.path == f"{API}/pulls")
    assert (asked.query["head"], asked.query["state"]) == (["fork:修改&state=closed"], ["open"])


@pytest.mark.parametrize("shas", [(), ("d" * 40,), (SHA, SHA)], ids=["none", "newer commit", "two"])
def test_without_exactly_one_pull_request_at_that_commit_nothing_is_written(
    tmp_path: Path, host: Host, shas: tuple[str, ...]
) -> None:
    host.answers[f"{API}/pulls"] = _pulls(*shas)
    done = _comment(tmp_path, host)
    assert (done.returncode, host.written) == (0, []), done.stderr


def test_the_token_does_not_follow_a_download_to_another_host(tmp_path: Path, host: Host) -> None:
    packed = host.answers[f"{API}/actions/artifacts/9/zip"]
    with served(Host("/none", "/none", {}, {"/store": packed})) as store:
        host.answers[f"{API}/actions/artifacts/9/zip"] = Redirect(f"{store.address}/store")
        assert _comment(tmp_path, host).returncode == 0
        assert [one.headers.get("Authorization") for one in store.asked] == [None]
    assert all(one.headers["Authorization"].startswith("Bearer ") for one in host.asked)


@pytest.mark.parametrize(
    "packed",
    [
        b"no zip",
        _zip(),
        _zip(("comment.md", GOOD.encode()), ("json.py", b"import os")),
        _zip(("../comment.md", GOOD.encode())),
        _zip(("other.md", GOOD.encode())),
        _zip(("comment.md", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777),
        _zip(("comment.md", b"\xff\xfe")),
        _zip(("comment.md", GOOD.encode() + b"x" * 300_000)),
        _zip(("comment.md", os.urandom(300_000))),
    ],
    ids=["no zip", "empty", "two", "above", "other", "link", "bytes", "bomb", "large"],
)
def test_an_artifact_that_is_not_one_small_text_is_not_posted(
    tmp_path: Path, host: Host, packed: bytes
) -> None:
    host.answers |= _on_github(packed).answers
    done = _comment(tmp_path, host)
    assert (done.returncode, host.written) == (1, []), done.stdout
    assert "Traceback" not in done.stderr


FORGED = [
    "没有标记\n",
    f"{MARKER}\n@everyone 请看\n",
    f"{MARKER}\n[点这里](//evil.example)\n",
    f"{MARKER}\nhttps://evil.example\n",
    f"{MARKER}\nwww.evil.example\n",
    f"{MARKER}\n<img src=x>\n",
    f"{MARKER}\n<script>alert(1)</script>\n",
    f"{MARKER}\n<!-- hidden -->\n",
    f"{MARKER}\n关闭 #12\n",
    f"{MARKER}\n<details open>\n",
    f"{MARKER}\n\x1b[2J\n",
]


@pytest.mark.parametrize("text", FORGED)
def test_a_comment_that_the_program_would_not_write_is_not_posted(
    tmp_path: Path, host: Host, text: str
) -> None:
    host.answers |= _on_github(_zip(("comment.md", text.encode()))).answers
    done = _comment(tmp_path, host)
    assert (done.returncode, host.written) == (1, [])
    assert "不是 jixiao diff 写的样子" in done.stderr


def test_when_the_check_left_no_artifact_nothing_is_written(tmp_path: Path, host: Host) -> None:
    host.answers[f"{API}/actions/runs/5/artifacts"] = {"artifacts": []}
    done = _comment(tmp_path, host)
    assert (done.returncode, host.written) == (0, [])


def test_a_host_that_refuses_is_one_sentence(tmp_path: Path, host: Host) -> None:
    del host.answers[f"{API}/pulls"]
    done = _comment(tmp_path, host)
    assert (done.returncode, "404" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_what_the_program_writes_of_the_worst_names_is_posted(tmp_path: Path, host: Host) -> None:
    worst = "@张三 @org/team https://a.cn www.b.cn #12 [x](//y) ![z](q) <b>粗</b> `码` a|b :+1: a@b.cn"
    text = VALID.replace("办理件数", f"'{worst}'").replace("培训率", '"<!-- x --> GH-1 &#64;y"')
    run = _github(tmp_path, _remote(tmp_path, text))
    written = (run.folder / "comment" / "comment.md").read_bytes()
    assert "张三".encode() in written
    host.answers |= _on_github(_zip(("comment.md", written))).answers
    done = _comment(tmp_path, host)
    assert (done.returncode, len(host.written)) == (0, 1), done.stderr


# GitLab


def _gitlab(job: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script of one job, what goes before it included."""
    before = GITLAB[job].get("before_script", GITLAB["default"]["before_script"])
    script = "\n".join([*before, *GITLAB[job]["script"]])
    return _bash(script, folder, _environment(**GITLAB["variables"], **variables))


def _merge_request(tmp_path: Path, text: str) -> tuple[Path, dict[str, str]]:
    remote = _remote(tmp_path, text)
    folder = _clone(remote, tmp_path / "runner", "refs/remotes/origin/修改")
    base = subprocess.run(
        ["git", "merge-base", "HEAD", "origin/main"], cwd=folder, capture_output=True, check=True, text=True
    )
    return folder, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base.stdout.strip()}


def test_on_gitlab_a_change_is_checked_compared_previewed_and_published(tmp_path: Path) -> None:
    folder, variables = _merge_request(tmp_path, WEAKER)
    for job in ("check", "diff", "preview"):
        done = _gitlab(job, folder, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((folder / "gl-code-quality.json").read_text(encoding="utf-8")) is not None
    assert "目标降低" in (folder / "comment.md").read_text(encoding="utf-8")
    assert (folder / "preview/2024/999001/示例/index.html").is_file()
    done = _gitlab("pages", folder, CI_PAGES_URL="https://budget.example/targets")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "https://budget.example/targets/2024/" in (folder / "public/sitemap.xml").read_text(
        encoding="utf-8"
    )


def test_on_gitlab_an_error_fails_the_job_and_stands_in_the_report(tmp_path: Path) -> None:
    folder, variables = _merge_request(tmp_path, WRONG)
    assert _gitlab("check", folder).returncode == 1
    (entry,) = json.loads((folder / "gl-code-quality.json").read_text(encoding="utf-8"))
    assert entry["location"] == {"path": RECORD, "lines": {"begin": 29}}
    assert _gitlab("diff", folder, **variables).returncode == 0
    assert (folder / "comment.md").read_text(encoding="utf-8").startswith(MARKER)


def test_on_gitlab_a_gate_fails_the_job_and_the_comment_is_there(tmp_path: Path) -> None:
    folder, variables = _merge_request(tmp_path, WEAKER)
    settings = {**GITLAB["variables"], "JIXIAO_FAIL_ON": "target-weaker"}
    script = "\n".join(GITLAB["diff"]["script"])
    assert _bash(script, folder, _environment(**settings, **variables)).returncode == 1
    assert (folder / "comment.md").is_file()


NOTES = "/projects/3/merge_requests/7/notes"


def _note(folder: Path, host: Host, *, known: bool = True) -> subprocess.CompletedProcess[str]:
    return _gitlab(
        "note",
        folder,
        CI_API_V4_URL=host.address,
        CI_PROJECT_ID="3",
        CI_MERGE_REQUEST_IID="7",
        JIXIAO_NOTE_TOKEN="example\n" if known else "",
    )


@pytest.fixture
def gitlab() -> Iterator[Host]:
    with served(Host(NOTES, NOTES, {"author": {"id": 4}}, {"/user": {"id": 4}})) as running:
        yield running


def test_on_gitlab_the_note_is_posted_once_and_updated_after_that(tmp_path: Path, gitlab: Host) -> None:
    gitlab.comments.append({"id": 1, "author": {"id": 2}, "body": MARKER})
    (tmp_path / "comment.md").write_text(GOOD, encoding="utf-8")
    for _ in range(2):
        done = _note(tmp_path, gitlab)
        assert done.returncode == 0, done.stderr
    assert gitlab.written == [("POST", NOTES), ("PUT", f"{NOTES}/2")]
    assert [one["body"] for one in gitlab.comments] == [MARKER, GOOD]


def test_on_gitlab_without_a_token_nothing_is_asked(tmp_path: Path, gitlab: Host) -> None:
    (tmp_path / "comment.md").write_text(GOOD, encoding="utf-8")
    assert _note(tmp_path, gitlab, known=False).returncode == 0
    assert gitlab.asked == []


def test_on_gitlab_a_file_beside_the_comment_is_not_run(tmp_path: Path, gitlab: Host) -> None:
    (tmp_path / "comment.md").write_text(GOOD, encoding="utf-8")
    for name in ("json.py", "re.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('run')\n", encoding="utf-8")
    assert _note(tmp_path, gitlab).returncode == 0
    assert gitlab.written == [("POST", NOTES)]


@pytest.mark.parametrize("text", FORGED)
def test_on_gitlab_a_forged_comment_is_not_posted(tmp_path: Path, gitlab: Host, text: str) -> None:
    (tmp_path / "comment.md").write_text(text, encoding="utf-8")
    assert _note(tmp_path, gitlab).returncode == 1
    assert gitlab.asked == []


def test_on_gitlab_a_link_in_place_of_the_comment_is_not_followed(tmp_path: Path, gitlab: Host) -> None:
    (tmp_path / "good").write_text(GOOD, encoding="utf-8")
    (tmp_path / "comment.md").symlink_to(tmp_path / "good")
    assert _note(tmp_path, gitlab).returncode == 1
    assert gitlab.asked == []


# Gitee


TOKEN = {"GITEE_TOKEN": "a&b"}


def _gitee(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(CI / "gitee" / script)],
        cwd=folder,
        env=_environment(**variables),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def test_on_gitee_a_change_is_checked_compared_and_previewed(tmp_path: Path) -> None:
    folder, _ = _merge_request(tmp_path, WEAKER)
    done = _gitee("check.sh", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "目标降低" in (folder / "comment.md").read_text(encoding="utf-8")
    assert (folder / "check.md").is_file()
    assert (folder / "preview/2024/999001/示例/index.html").is_file()
    assert _gitee("check.sh", folder, JIXIAO_FAIL_ON="target-weaker").returncode == 1


def test_on_gitee_an_error_fails_the_check_with_its_line_in_the_log(tmp_path: Path) -> None:
    folder, _ = _merge_request(tmp_path, WRONG)
    done = _gitee("check.sh", folder)
    assert (done.returncode, f"{RECORD}:29:14 错误 Y11" in done.stdout) == (1, True)
    assert (folder / "comment.md").is_file()
    assert not (folder / "preview").exists()


def test_on_gitee_the_check_refuses_to_be_given_the_token(tmp_path: Path) -> None:
    done = _gitee("check.sh", tmp_path, **TOKEN)
    assert (done.returncode, "不要把 GITEE_TOKEN" in done.stderr) == (2, True)


PULLS = "/repos/budget/targets/pulls"


@pytest.fixture
def gitee() -> Iterator[Host]:
    host = Host(f"{PULLS}/7/comments", f"{PULLS}/comments", {"user": {"id": 4}}, {"/user": {"id": 4}})
    with served(host) as running:
        yield running


def _gitee_comment(folder: Path, host: Host, **variables: str) -> subprocess.CompletedProcess[str]:
    fixed = {"GITEE_API_URL": host.address, "JIXIAO_REPO": "budget/targets", "JIXIAO_PULL": "7"}
    return _gitee("comment.sh", folder, **fixed, **variables)


def test_on_gitee_the_comment_is_posted_once_and_updated_after_that(tmp_path: Path, gitee: Host) -> None:
    (tmp_path / "comment.md").write_text(GOOD, encoding="utf-8")
    for _ in range(2):
        done = _gitee_comment(tmp_path, gitee, **TOKEN)
        assert done.returncode == 0, done.stderr
    assert gitee.written == [("POST", f"{PULLS}/7/comments"), ("PATCH", f"{PULLS}/comments/1")]
    tokens = [one.data or {"access_token": one.query["access_token"][0]} for one in gitee.asked]
    assert {one["access_token"] for one in tokens} == {"a&b"}
    assert [one["body"] for one in gitee.comments] == [GOOD]


def test_on_gitee_without_a_token_nothing_is_asked(tmp_path: Path, gitee: Host) -> None:
    (tmp_path / "comment.md").write_text(GOOD, encoding="utf-8")
    assert _gitee_comment(tmp_path, gitee).returncode == 0
    assert gitee.asked == []


@pytest.mark.parametrize("text", FORGED[:3])
def test_on_gitee_a_forged_comment_is_not_posted(tmp_path: Path, gitee: Host, text: str) -> None:
    (tmp_path / "comment.md").write_text(text, encoding="utf-8")
    assert _gitee_comment(tmp_path, gitee, **TOKEN).returncode == 1
    assert gitee.asked == []
