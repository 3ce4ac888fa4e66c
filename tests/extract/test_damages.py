"""Check every fault of `support.damages`: no cell has a wrong number without a finding, and none an invented one."""

from __future__ import annotations

import pytest
from support.damages import damaged_documents
from support.offices import shipped

from pipeline.core.model import MIN_CONFIDENCE
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register


@pytest.mark.parametrize("path", ["2019/411200.html", "2024/320800.html"])
def test_no_fault_gives_a_wrong_or_invented_number(path: str) -> None:
    names = set()
    for name, content, truth in damaged_documents(shipped(path)):
        extraction = extract(read_bytes(content), load_register())
        reported = {address for finding in extraction.findings for address in finding.cells}
        assert [c.address for c in extraction.cells if truth[c.address] is None and c.value is not None] == [], name
        wrong = {c.address: c.raw for c in extraction.cells if c.value != truth[c.address]}
        doubted = reported | {c.address for c in extraction.cells if c.confidence < MIN_CONFIDENCE}
        assert {a: text for a, text in wrong.items() if a not in doubted} == {}, name
        names.add(name)
    assert len(names) >= 18
