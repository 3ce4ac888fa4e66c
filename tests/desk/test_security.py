"""The desk answers only its own pages in the browser that was opened with the token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.desk import PORT, TOKEN, DeskClient, open_desk

from pipeline.core.paths import Data
from pipeline.desk import security
from pipeline.raw import inbox
from pipeline.raw.start import start_folder

HERE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskClient]:
    data = Data(tmp_path / "data")
    start_folder(data, "洛阳市", ["洛阳市教育局"])
    with open_desk(data, 2024) as opened:
        yield opened


def stranger(desk: DeskClient) -> TestClient:
    """A client of the same application without the cookie."""
    return TestClient(desk.client.app, base_url=HERE)


def test_pages_need_the_token(desk: DeskClient) -> None:
    assert stranger(desk).get("/410300/2024/inbox").status_code == 403
    assert stranger(desk).get("/?token=wrong").status_code == 403
    assert stranger(desk).get("/assets/desk.css").status_code == 403
    assert desk.client.get("/410300/2024/inbox").status_code == 200


def test_token_leaves_the_address(desk: DeskClient) -> None:
    answer = stranger(desk).get(f"/?token={TOKEN}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1:1", "127.0.0.1.evil.example:8765"])
def test_other_hosts_are_refused(desk: DeskClient, host: str) -> None:
    assert desk.client.get("/410300/2024/inbox", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:9999"])
def test_forms_of_other_sites_are_refused(desk: DeskClient, origin: str) -> None:
    answer = desk.client.post(f"/410300/2024/run/start?csrf={TOKEN}", headers={"origin": origin})
    assert answer.status_code == 403
    answer = desk.client.get("/410300/2024/inbox", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_forms_without_the_token_are_refused(desk: DeskClient) -> None:
    assert desk.client.post("/410300/2024/run/start").status_code == 403
    assert desk.client.post("/410300/2024/run/start?csrf=wrong").status_code == 403
    assert desk.client.post("/410300/2024/run/start", headers={"x-ogi-token": TOKEN}).status_code == 200


def test_every_page_forbids_what_is_elsewhere(desk: DeskClient) -> None:
    for tab in ("inbox", "due", "review", "compile", "data", "run"):
        answer = desk.client.get(f"/410300/2024/{tab}")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "http://" not in answer.text.replace(HERE, "")
        assert "https://" not in answer.text


def test_names_and_texts_are_escaped(desk: DeskClient, tmp_path: Path) -> None:
    hostile = tmp_path / "<img src=x onerror=alert(1)>.txt"
    hostile.write_text("<script>alert(1)</script>", encoding="utf-8")
    desk.upload("410300", 2024, [hostile])
    desk.wait()
    page = desk.get("/410300/2024/inbox")
    assert "<img" not in page
    assert "&lt;img" in page
    page = desk.get("/410300/2024/inbox?notice=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page
    page = desk.get("/410300/2024/data?q=SELECT%20'%3Cscript%3E'")
    assert "<script>'" not in page


def test_large_requests_are_refused(desk: DeskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "MAX_REQUEST_BYTES", 1000)
    address = f"/upload?city=410300&year=2024&csrf={TOKEN}"
    answer = desk.client.post(address, files=[("file", ("a.txt", bytes(5000)))])
    assert answer.status_code == 413
    assert inbox.items(desk.desk.data) == []


@pytest.mark.parametrize("key", ["%2e%2e", "0123456789abcdef", "%2e%2e%2fraw", "x"])
def test_unknown_files_are_not_found(desk: DeskClient, key: str) -> None:
    for path in (f"/410300/2024/inbox/{key}", f"/site/{key}", f"/site/%2e%2e/raw/{key}"):
        assert desk.client.get(path).status_code in {404, 405}, path


def test_statement_that_writes_is_refused(desk: DeskClient) -> None:
    desk.post("/410300/2024/run/start")
    desk.wait()
    for statement in ("DROP TABLE cells", "COPY cells TO 'x.csv'", "SELECT * FROM read_csv('/etc/passwd')"):
        desk.client.get("/410300/2024/data", params={"q": statement})
    assert not (desk.desk.data.root / "x.csv").exists()
