"""Count the typing slips between two texts."""

from __future__ import annotations


def count_slips(a: str, b: str) -> int:
    """Return the least number of slips that turn one text into the other.

    A slip is a wrong, missing or additional character, or two neighbouring characters exchanged; no part of the text is
    changed twice (restricted Damerau-Levenshtein distance, Damerau 1964). The sign of a number is a character.
    """
    two_above: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            slips = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and (x, a[i - 2]) == (b[j - 2], y):
                slips = min(slips, two_above[j - 2] + 1)
            row.append(slips)
        two_above, above = above, row
    return above[-1]
