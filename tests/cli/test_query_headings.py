"""Test that each column of an answer has a Chinese heading."""

from __future__ import annotations

import re

import pytest

from pipeline.core.messages import message_lines
from pipeline.storage.dictionary import chinese_headings
from pipeline.storage.saved_queries import saved_queries

NAMED = re.compile(r"\bAS ([a-z_]+)(?=,?\n|, )")


@pytest.mark.parametrize("name", sorted(n for n, path in saved_queries().items() if path.parent.name == "queries"))
def test_named_columns_of_the_outer_query_have_a_chinese_heading(name: str) -> None:
    text = saved_queries()[name].read_text(encoding="utf-8")
    outer = text[text.rindex("\nSELECT") :].partition("\nFROM")[0] + "\n"
    known = chinese_headings().keys() | {code.removeprefix("column.") for code in message_lines()}
    assert set(NAMED.findall(outer)) <= known
