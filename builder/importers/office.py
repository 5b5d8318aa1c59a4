"""Older Word and Excel files and OpenDocument → the formats read here, by LibreOffice if installed.

LibreOffice runs in a profile of its own that is thrown away, with macros off, without fetching anything
that the file points to, and within a time limit.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from builder.importers.refusal import MAX_CONVERSION, MAX_FILE, Refused

_PROGRAMS = (
    "soffice",
    "libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
}
_SETTINGS = {
    ("Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("Common/Security/Scripting", "DisableActiveContent"): "true",
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("Writer/Content/Update", "Link"): "0",  # never; for Calc never is 1
    ("Calc/Content/Update", "Link"): "1",
}
"""No macro is run, and nothing is fetched that a file points to."""


def find() -> str | None:
    """LibreOffice's program, if there is one."""
    return next((found for program in _PROGRAMS if (found := shutil.which(program))), None)


def convert(raw: bytes, suffix: str, target: str) -> bytes:
    """``raw``, a file that ends in ``suffix``, as ``target`` (docx or xlsx).

    Raises:
        Refused: LibreOffice is not installed, did not finish in time, or made nothing.
    """
    program = find()
    if program is None:
        raise Refused(
            f"读 {suffix} 文件要先装 LibreOffice", f"也可以用 Word、WPS 或 Excel 另存为 .{target} 再导入。"
        )
    with tempfile.TemporaryDirectory(prefix="jixiao-") as name:
        folder = Path(name)
        source = folder / f"in{suffix}"
        source.write_bytes(raw)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
        words = [
            *(
                program,
                "--headless",
                "--norestore",
                "--nolockcheck",
                f"-env:UserInstallation={profile.as_uri()}",
            ),
            *("--convert-to", _FILTERS[target], "--outdir", str(folder / "out"), str(source)),
        ]
        _run(words)
        made = folder / "out" / f"in.{target}"
        if not made.is_file():
            raise Refused("LibreOffice 打不开这个文件", "它可能加了密码或已损坏；请另存一份再导入。")
        if made.stat().st_size > MAX_FILE:
            raise Refused("转换出来的文件太大", "请只保留绩效目标表再导入。")
        return made.read_bytes()


def _settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for (path, name), value in _SETTINGS.items()
    )
    opening = '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{opening}{items}</oor:items>'


def _run(words: list[str]) -> None:
    process = subprocess.Popen(  # noqa: S603  fixed words; the file stands alone in a folder of ours
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(MAX_CONVERSION)
    except subprocess.TimeoutExpired as error:
        raise Refused(f"LibreOffice 用了 {MAX_CONVERSION} 秒还没转换完", "请拆成几个文件再导入。") from error
    finally:
        if process.poll() is None:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with the processes it started, which are a group of their own."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
