"""Test the refusal of a store's address; `raw/test_fetch_push.py` and `raw/test_s3.py` test the use of stores."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest
from support.project import ogi_here

from pipeline.core.model import DataFault
from pipeline.runtime.object_store import Store


@pytest.mark.parametrize("url", ["s3://key:secret@bucket/x", "simplecache::s3://bucket", "nothing://x", "s3://b?key=x"])
def test_unusable_address_is_reported_without_its_secrets(built: Path, url: str) -> None:
    result = ogi_here(built, "push", url, "--lang", "en")
    assert result.returncode == 3
    assert "cannot be used" in result.stderr
    assert "secret" not in result.stderr
    assert "Traceback" not in result.stderr


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_to_import(url: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "url_to_fs", fail_to_import)
    with pytest.raises(DataFault) as fault:
        Store("s3://bucket/prefix")
    assert fault.value.code == "store.extra"
