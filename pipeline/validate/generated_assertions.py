"""Assertions that follow from the data dictionary: references between tables, years of files, and registers."""

from __future__ import annotations

from pipeline.core.paths import REFERENCE, quoted
from pipeline.storage.dictionary import REGISTERS, dictionary, key

REGISTERS_OF_PROGRAM = "registers_are_those_of_ogi"
# Registers whose rows are the lines of a file of `reference/`. The others also depend on the data folder or the forms.
REFERENCE_REGISTERS = (
    "regions", "lineage", "indicators", "rate_terms", "crosswalk", "soft_thresholds", "deadlines",
)  # fmt: skip


def reference_queries() -> dict[str, str]:
    """Return a query per column that refers to another table: the rows whose value is not in that table."""
    lines = [(table, line) for table, columns in dictionary().items() for line in columns if line["references"]]
    return {
        f"references_exist:{table}.{line['column']}": _reference_query(table, line["column"], line["references"])
        for table, line in lines
    }


def _reference_query(table: str, column: str, target: str) -> str:
    other_table, _, other = target.partition(".")
    columns = _columns("t", (*key(table), column))
    return (
        f'SELECT {columns} FROM {table} AS t ANTI JOIN {other_table} AS o ON o."{other}" = t."{column}" '
        f'WHERE t."{column}" IS NOT NULL'
    )


def year_queries() -> dict[str, str]:
    """Return a query per table with a year: the rows in the file of another year."""
    with_year = {table for table, lines in dictionary().items() if any(line["column"] == "year" for line in lines)}
    return {
        f"rows_are_in_the_file_of_their_year:{table}": (
            f"SELECT {_columns('t', (*key(table), 'year'))} FROM {table} AS t "
            "WHERE coalesce(t.year, 0) NOT IN (SELECT y.year FROM checked_years AS y)"
        )
        for table in sorted(with_year - set(REGISTERS))
    }


def position_queries() -> dict[str, str]:
    """Return a query per register: a row if the numbers of its lines have a gap or a duplicate."""
    return {
        f"registers_are_complete:{table}": (
            f"SELECT count(*) AS lines, max(position) AS last_position FROM {table} "
            "HAVING count(*) <> max(position) + 1 OR count(*) <> count(DISTINCT position)"
        )
        for table in REGISTERS
    }


def register_queries() -> dict[str, str]:
    """Return a query per register of `reference/`: the lines that the register and the file do not share.

    The crosswalk repeats the lines of a form for the forms that extend it. So its lines are found without the form.
    """
    return {f"{REGISTERS_OF_PROGRAM}:{table}": _register_query(table) for table in REFERENCE_REGISTERS}


def _register_query(table: str) -> str:
    names = [line["column"] for line in dictionary()[table] if line["column"] != "position"]
    file = f"read_csv('{quoted(REFERENCE / f'{table}.csv')}', header = true, all_varchar = true)"
    in_file = f"SELECT {_columns('f', names)} FROM {file} AS f"
    casts = ", ".join(f'CAST(t."{name}" AS VARCHAR) AS "{name}"' for name in names)
    in_table = f"SELECT {casts} FROM {table} AS t"
    shared = [name for name in names if name != "form"]
    file_lines = f"SELECT {_columns('f', shared)} FROM {file} AS f"
    table_lines = f"SELECT {_columns('s', shared)} FROM ({in_table}) AS s"
    return f"({in_file} EXCEPT {in_table}) UNION ALL BY NAME ({table_lines} EXCEPT {file_lines})"


def _columns(alias: str, names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f'{alias}."{name}"' for name in dict.fromkeys(names))
