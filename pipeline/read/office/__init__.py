"""Read old office formats (DOC, WPS, RTF, ODT): LibreOffice converts them to DOCX.

LibreOffice is optional. It runs without macros, links or its user's settings, and for at most `TIMEOUT_SECONDS`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipeline.core.model import DataFault, Document
from pipeline.read import docx, zip_archive
from pipeline.read.office import ole
from pipeline.runtime.tools import soffice

TIMEOUT_SECONDS = 90
_ODT_MIMETYPE = "application/vnd.oasis.opendocument.text"
# The import filter is always named: LibreOffice would read a file that it does not recognise as plain text, and convert
# it to a page of rubbish.
_IMPORT_FILTERS = {"doc": "MS Word 97", "rtf": "Rich Text Format", "odt": "writer8"}
_OPTIONS = ("--headless", "--norestore", "--nodefault", "--nolockcheck", "--nologo")
# No macros, and no linked file is fetched or updated.
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


def is_office_file(data: bytes) -> bool:
    """Return whether the bytes are in an old office format, convertible or not."""
    return detect_format(data) != ""


def detect_format(data: bytes) -> str:
    """Return `doc`, `rtf`, `odt`, `xml` (Word 2003), or '' for any other format."""
    if data.startswith(ole.SIGNATURE):
        return "doc"
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return "rtf"
    if zip_archive.has_mimetype(data, _ODT_MIMETYPE):
        return "odt"
    return "xml" if b'progid="Word.Document"' in data[:1024] else ""


def read(data: bytes) -> Document:
    """Return the Document of an old office file.

    Raises DataFault if the file is Word 2003 XML, damaged or encrypted, or if LibreOffice is missing, fails or exceeds
    its time limit.
    """
    kind = detect_format(data)
    if kind == "xml":
        # LibreOffice's filter for it loses the columns of merged cells.
        raise DataFault("read.unsupported", format="Word 2003 XML")
    if kind == "doc" and not ole.has_stream(data, "WordDocument"):
        is_encrypted = ole.has_stream(data, "EncryptedPackage")
        raise DataFault("read.locked") if is_encrypted else DataFault("read.broken_office", format="DOC")
    program = soffice()
    if program is None:
        raise DataFault("read.libreoffice", format=kind.upper())
    with tempfile.TemporaryDirectory(prefix="ogi-") as folder:
        content = _convert_to_docx(program, data, kind, Path(folder))
    return replace(docx.read(content), format=kind, reader="libreoffice")


def _convert_to_docx(program: str, data: bytes, kind: str, folder: Path) -> bytes:
    """Return the file converted to DOCX, using `folder` for its files. Raises DataFault if LibreOffice writes none."""
    source, out = folder / f"report.{kind}", folder / "out"
    source.write_bytes(data)
    command = [program, f"-env:UserInstallation={_get_profile().as_uri()}", *_OPTIONS]
    command += [f"--infilter={_IMPORT_FILTERS[kind]}", "--convert-to", "docx", "--outdir", str(out), str(source)]
    _run(command, folder)
    converted_path = out / "report.docx"
    if not converted_path.is_file():
        raise DataFault("read.broken_office", format=kind.upper())
    return converted_path.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Run a command in `folder` with a minimal environment. Raises DataFault after `TIMEOUT_SECONDS`."""
    inherited_names = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
    environment = {"HOME": str(folder)} | {name: os.environ[name] for name in inherited_names if name in os.environ}
    null = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=null, stdout=null, stderr=null, start_new_session=True
    )
    try:
        process.wait(TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as error:
        _kill(process)
        raise DataFault("read.too_slow", seconds=TIMEOUT_SECONDS) from error


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its children: `soffice` is a script that starts the real program."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@cache
def _make_profile_folder(process_id: int) -> tempfile.TemporaryDirectory[str]:
    """Return a profile folder for one process; it is removed when the process ends.

    Two processes that share a profile wait for each other or fail.
    """
    folder = tempfile.TemporaryDirectory(prefix=f"ogi-office-{process_id}-")
    settings = Path(folder.name) / "user" / "registrymodifications.xcu"
    settings.parent.mkdir()
    settings.write_text(_SETTINGS, encoding="utf-8")
    return folder


def _get_profile() -> Path:
    return Path(_make_profile_folder(os.getpid()).name)
