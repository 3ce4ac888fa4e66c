"""File names that Windows refuses are changed, and others are kept."""

from __future__ import annotations

import pytest

from pipeline.core.file_names import MAX_NAME_CHARS, safe_file_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("洛阳市2025年政府信息公开工作年度报告", "洛阳市2025年政府信息公开工作年度报告"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("名称. . ", "名称"),
        ("con", "_con"),
        ("LPT1.2025", "_LPT1.2025"),
        ("console", "console"),
        ("a\u202eb\x07c\n", "abc"),
        ("..", "_"),
        ("", "_"),
        ("长" * 200, "长" * MAX_NAME_CHARS),
    ],
)
def test_name_is_safe_on_windows(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe
    assert safe_file_name(safe) == safe
