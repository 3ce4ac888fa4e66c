"""Fetch reports from a bucket and push snapshots to one, on a local S3 server."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from support import stores
from support.project import ROOT, ogi_in

s3fs = pytest.importorskip("s3fs", reason="needs the extra `s3`")
moto_server = pytest.importorskip("moto.server", reason="needs the dependency group `stores`")

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "secret key", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Yield a server with the bucket `statistics`; the address and the keys are in the environment."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    fsspec.filesystem("s3").mkdir("statistics")
    yield server
    configure(server, "reset")
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def configure(server: Any, command: str, body: bytes = b"") -> None:
    """Send a command to the control interface of the server."""
    host, port = server.get_host_and_port()
    request = urllib.request.Request(
        f"http://{host}:{port}/moto-api/{command}", data=body, headers={"Content-Type": "text/plain"}
    )
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize("check", [stores.check_fetch, stores.check_missing_object])
def test_reports_are_fetched(server: Any, tmp_path: Path, check: Callable[[str, Path, Path], None]) -> None:
    check("s3://statistics/raw", ROOT / "data" / "raw", tmp_path)


def test_snapshot_is_pushed(server: Any, built: Path, tmp_path: Path) -> None:
    stores.check_push("s3://statistics/published", built, tmp_path)


def test_faults_are_reported_without_the_keys(server: Any, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = [
        ogi_in(built, "push", "s3://statistics/published", "--lang", "en"),
        ogi_in(built, "push", "s3://nothing/published", "--lang", "en"),
        ogi_in(built, "fetch", "s3://nothing/raw", "--data", "new", "--lang", "en"),
        ogi_in(built, "fetch", "s3://statistics/nothing", "--data", "new", "--lang", "en"),
    ]
    configure(server, "reset-auth", b"0")  # from now on the server checks the keys
    results.append(ogi_in(built, "push", "s3://statistics/published", "--lang", "en"))
    results.append(ogi_in(built, "fetch", "s3://statistics/raw", "--data", "new", "--lang", "en"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    results.append(ogi_in(built, "push", "s3://statistics/published", "--lang", "en"))
    server.stop()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret key")
    results.append(ogi_in(built, "push", "s3://statistics/published", "--lang", "en"))
    expected = (
        "Published", "no such bucket", "no such bucket", "no manifest.csv", "No access", "No access", "No access",
        "connection to",
    )  # fmt: skip
    for result, words in zip(results, expected, strict=True):
        assert words in result.stdout + result.stderr
        assert "Traceback" not in result.stderr
        assert "secret key" not in result.stdout + result.stderr
    assert [result.returncode for result in results] == [0, 3, 3, 3, 3, 3, 3, 3]
    server.start()  # the fixture resets and stops it
