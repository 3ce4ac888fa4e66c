"""Old office formats (DOC, WPS, RTF, ODT): LibreOffice turns them into DOCX, which is then read.

LibreOffice is used where it is installed. It runs without macros, links or its user's settings, and for a limited time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipeline.core.model import DataFault, Document
from pipeline.read import docx, zipped
from pipeline.read.office import ole
from pipeline.runtime.tools import soffice

SECONDS = 90
_ODT = "application/vnd.oasis.opendocument.text"
# Told, because LibreOffice takes what it does not know for plain text and makes a page of rubbish of it.
_FILTERS = {"doc": "MS Word 97", "rtf": "Rich Text Format", "odt": "writer8"}
_OPTIONS = ("--headless", "--norestore", "--nodefault", "--nolockcheck", "--nologo")
# No macros; nothing linked is fetched or renewed.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def sniff(data: bytes) -> bool:
    """Whether the bytes are one of the formats that need LibreOffice."""
    return kind_of(data) != ""


def kind_of(data: bytes) -> str:
    """`doc`, `rtf`, `odt`, `xml` (Word 2003), or '' for anything else."""
    if data.startswith(ole.SIGNATURE):
        return "doc"
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return "rtf"
    if zipped.declares(data, _ODT):
        return "odt"
    return "xml" if b'progid="Word.Document"' in data[:1024] else ""


def read(data: bytes) -> Document:
    """The Document of an old office file. Raises DataFault where LibreOffice is missing, fails or takes too long."""
    kind = kind_of(data)
    if kind == "xml":
        # LibreOffice's filter for it loses the columns of merged cells.
        raise DataFault("read.unsupported", format="Word 2003 XML")
    if kind == "doc" and not ole.has_stream(data, "WordDocument"):
        locked = ole.has_stream(data, "EncryptedPackage")
        raise DataFault("read.locked") if locked else DataFault("read.broken_office", format="DOC")
    program = soffice()
    if program is None:
        raise DataFault("read.libreoffice", format=kind.upper())
    with tempfile.TemporaryDirectory(prefix="ogi-") as folder:
        content = _converted(program, data, kind, Path(folder))
    return replace(docx.read(content), format=kind, reader="libreoffice")


def _converted(program: str, data: bytes, kind: str, folder: Path) -> bytes:
    source, out = folder / f"report.{kind}", folder / "out"
    source.write_bytes(data)
    command = [program, f"-env:UserInstallation={_profile().as_uri()}", *_OPTIONS]
    _run([*command, f"--infilter={_FILTERS[kind]}", "--convert-to", "docx", "--outdir", str(out), str(source)], folder)
    made = out / "report.docx"
    if not made.is_file():
        raise DataFault("read.broken_office", format=kind.upper())
    return made.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
    environment = {"HOME": str(folder)} | {name: os.environ[name] for name in kept if name in os.environ}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        _end(process)
        raise DataFault("read.too_slow", seconds=SECONDS) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started: `soffice` is a script around the real one."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


@cache
def _profile_folder(process: int) -> tempfile.TemporaryDirectory[str]:
    """A profile of this process's own: two that share one wait for each other or fail. Removed when it ends."""
    folder = tempfile.TemporaryDirectory(prefix=f"ogi-office-{process}-")
    settings = Path(folder.name) / "user" / "registrymodifications.xcu"
    settings.parent.mkdir()
    settings.write_text(_SETTINGS, encoding="utf-8")
    return folder


def _profile() -> Path:
    return Path(_profile_folder(os.getpid()).name)
