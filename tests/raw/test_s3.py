"""Reports from a bucket and snapshots to one, on a server here that speaks S3."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from support import stores
from support.project import ROOT, ogi_in

s3fs = pytest.importorskip("s3fs", reason="needs the extra `store`")
moto_server = pytest.importorskip("moto.server", reason="needs the dependency group `stores`")

KEYS = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "never told", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The server, with a bucket and keys in the environment."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    fsspec.filesystem("s3").mkdir("statistics")
    yield server
    reset(server, "reset")
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def reset(server: Any, what: str, body: bytes = b"") -> None:
    host, port = server.get_host_and_port()
    request = urllib.request.Request(
        f"http://{host}:{port}/moto-api/{what}", data=body, headers={"Content-Type": "text/plain"}
    )
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize("holds", [stores.fetches, stores.misses])
def test_reports_are_fetched(server: Any, tmp_path: Path, holds: Callable[[str, Path, Path], None]) -> None:
    holds("s3://statistics/raw", ROOT / "data" / "raw", tmp_path)


def test_a_snapshot_is_pushed(server: Any, built: Path, tmp_path: Path) -> None:
    stores.pushes("s3://statistics/published", built, tmp_path)


def test_what_is_wrong_is_told_and_no_key_is(server: Any, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [
        ogi_in(built, "push", "s3://statistics/published", "--lang", "en"),
        ogi_in(built, "push", "s3://nothing/published", "--lang", "en"),
        ogi_in(built, "fetch", "s3://nothing/raw", "--data", "new", "--lang", "en"),
        ogi_in(built, "fetch", "s3://statistics/nothing", "--data", "new", "--lang", "en"),
    ]
    reset(server, "reset-auth", b"0")  # from now on the server asks who is there
    told.append(ogi_in(built, "push", "s3://statistics/published", "--lang", "en"))
    told.append(ogi_in(built, "fetch", "s3://statistics/raw", "--data", "new", "--lang", "en"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    told.append(ogi_in(built, "push", "s3://statistics/published", "--lang", "en"))
    server.stop()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "never told")
    told.append(ogi_in(built, "push", "s3://statistics/published", "--lang", "en"))
    expected = (
        "Published", "no such bucket", "no such bucket", "no manifest.csv", "No access", "No access", "No access",
        "connection to",
    )  # fmt: skip
    for ended, words in zip(told, expected, strict=True):
        assert words in ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr
        assert "never told" not in ended.stdout + ended.stderr
    assert [ended.returncode for ended in told] == [0, 3, 3, 3, 3, 3, 3, 3]
    server.start()  # for the fixture's end
