"""One spelling per address; which network addresses are public."""

from __future__ import annotations

import pytest

from pipeline.collect.addresses import host_of, is_public, normalize, require_public
from pipeline.core.model import DataFault

BASE = "http://www.example.gov.cn/zfxxgk/list.html"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("art/1.html", "http://www.example.gov.cn/zfxxgk/art/1.html"),
        ("../1.html#top", "http://www.example.gov.cn/1.html"),
        ("//files.example.gov.cn/1.pdf", "http://files.example.gov.cn/1.pdf"),
        ("HTTP://WWW.Example.gov.cn:80/A", "http://www.example.gov.cn/A"),
        ("https://www.example.gov.cn:443", "https://www.example.gov.cn/"),
        (" 年报.html ", "http://www.example.gov.cn/zfxxgk/%E5%B9%B4%E6%8A%A5.html"),
        ("http://政府.cn/a", "http://xn--mxtq1m.cn/a"),
        ("?page=2", "http://www.example.gov.cn/zfxxgk/list.html?page=2"),
        ("javascript:void(0)", None),
        ("mailto:a@b.cn", None),
        ("file:///etc/passwd", None),
        ("http://user:secret@example.cn/", None),
        ("http://example.cn:99999/", None),
        ("http://[::1", None),
        ("x" * 3000, None),
    ],
)
def test_address_has_one_spelling(written: str, expected: str | None) -> None:
    assert normalize(written, BASE) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True), ("2400:3200::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, expected: bool) -> None:
    assert is_public(address) == expected


def test_host_with_one_private_address_is_refused() -> None:
    require_public("a.cn", ["8.8.8.8"])
    with pytest.raises(DataFault) as fault:
        require_public("a.cn", ["8.8.8.8", "10.0.0.1"])
    assert fault.value.code == "collect.private"


def test_host_has_its_port() -> None:
    assert [host_of(url) for url in ("http://a.cn/x", "https://a.cn/x", "http://a.cn:81/")] == [
        "a.cn:80",
        "a.cn:443",
        "a.cn:81",
    ]
