"""What is timed: the bare scan, ogi's own SQL, and the same sums by others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.core.paths import SQL

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLES = ("coverage", "bodies", "indicators", "successions")
SCANNED = ("total_id", "value")  # what a sum over members reads
# What city_year.sql reads.
ROLLED_UP = (*SCANNED, "body_id", "year", "indicator", "applicant", "obs_status", "provenance")
TOTALS = ["body_id", "indicator", "applicant", "year", "compiled"]


def connected(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database of two threads with views on the made files."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    for table in TABLES:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder}/{table}/*.parquet')")
    see(connection, folder, "*")
    return connection


def see(connection: duckdb.DuckDBPyConnection, folder: Path, *years: int | str) -> None:
    """Let `observations` and `coverage` be those of some years."""
    for table in ("observations", "coverage"):
        paths = [str(p) for y in years for p in sorted((folder / table).glob(f"{y}-*.parquet"))]
        connection.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet({paths})")


def scan(folder: Path, columns: tuple[str, ...] = SCANNED) -> None:
    """Every value of the columns is decoded and hashed."""
    with connected(folder) as connection:
        connection.execute(f"SELECT bit_xor(hash({', '.join(columns)})) FROM observations").fetchall()


def scan_rolled_up(folder: Path) -> None:
    """The same of all columns that the roll-up reads."""
    scan(folder, ROLLED_UP)


def plain_sum(folder: Path) -> None:
    """Only the sum over members, in DuckDB: what the peers compute."""
    with connected(folder) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT total_id, sum(value) AS value FROM observations "
            "GROUP BY total_id HAVING total_id IS NOT NULL"
        )


def statement(name: str) -> str:
    """A shipped model."""
    return re.sub(r"^--.*\n", "", (SQL / "rollup" / f"{name}.sql").read_text(encoding="utf-8"))


def city_year(folder: Path) -> None:
    """sql/rollup/city_year.sql as it is shipped, kept beside the files for the growth."""
    (folder / "city_year").mkdir(exist_ok=True)
    target = folder / "city_year" / "all.parquet"
    with connected(folder) as connection:
        connection.execute(f"COPY ({statement('city_year')}) TO '{target}' (COMPRESSION zstd)")


def city_growth(folder: Path) -> None:
    """sql/rollup/growth.sql on the city totals alone."""
    with connected(folder) as connection:
        connection.execute(f"CREATE VIEW city_year AS SELECT * FROM read_parquet('{folder}/city_year/*.parquet')")
        connection.execute("CREATE OR REPLACE TEMP VIEW every AS SELECT * FROM observations")
        connection.execute("CREATE OR REPLACE TABLE none AS SELECT * FROM every LIMIT 0")
        connection.execute("DROP VIEW every")
        connection.execute("CREATE OR REPLACE VIEW observations AS SELECT * FROM none")
        connection.execute(f"CREATE TABLE growth AS {statement('growth')}")


def body_growth(folder: Path, year: int = 2020) -> None:
    """sql/rollup/growth.sql for one year, a row for each of its facts, to Parquet."""
    with connected(folder) as connection:
        see(connection, folder, year - 1, year)
        connection.execute(f"CREATE VIEW city_year AS SELECT * FROM read_parquet('{folder}/city_year/*.parquet')")
        target = folder / "growth.parquet"
        connection.execute(f"COPY (SELECT * FROM ({statement('growth')}) WHERE year = {year}) TO '{target}'")


def scan_write(folder: Path, year: int = 2020) -> None:
    """Two years read and one of them written: the bound for growth a body."""
    with connected(folder) as connection:
        see(connection, folder, year - 1, year)
        connection.execute(f"SELECT bit_xor(hash({', '.join(SCANNED)})) FROM observations").fetchall()
        see(connection, folder, year)
        connection.execute(
            f"COPY (SELECT {', '.join(SCANNED)}, unit, value AS prior, provenance FROM observations) "
            f"TO '{folder / 'copy.parquet'}'"
        )


def polars_sum(folder: Path) -> None:
    """The plain sum in polars, lazily."""
    import polars as pl

    found = pl.scan_parquet(folder / "observations" / "*.parquet").filter(pl.col("total_id").is_not_null())
    found.group_by("total_id").agg(pl.col("value").sum()).collect()


def pandas_sum(folder: Path) -> None:
    """The plain sum in pandas; decimals as floats, for as objects they take minutes."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    found = ds.dataset(folder / "observations").to_table(columns=list(SCANNED))
    frame = found.set_column(1, "value", found["value"].cast(pa.float64())).to_pandas()
    frame.dropna(subset=["total_id"]).groupby("total_id", sort=False)["value"].sum()


def spark_start(_folder: Path) -> None:
    """What Spark takes before it does anything."""
    _spark().range(1).count()


def spark_sum(folder: Path) -> None:
    """The plain sum in Spark on this machine, its start included."""
    found = _spark().read.parquet(str(folder / "observations")).where("total_id IS NOT NULL").groupBy("total_id")
    found.sum("value").write.format("noop").mode("overwrite").save()


def _spark() -> SparkSession:
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.memory": "6g", "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false", "spark.log.level": "ERROR",
    }  # fmt: skip
    return SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()


def polars_growth(folder: Path) -> None:
    """Each city total beside that of the year before, in polars."""
    import polars as pl

    found = pl.read_parquet(folder / "city_year" / "*.parquet", columns=TOTALS)
    before = found.with_columns(pl.col("year") + 1)
    both = found.join(before, on=TOTALS[:4], how="left", suffix="_before")
    both.with_columns(growth=pl.col("compiled") / pl.col("compiled_before") - 1)


def pandas_growth(folder: Path) -> None:
    """The same in pandas, as floats."""
    import pandas as pd

    found = pd.read_parquet(folder / "city_year", columns=TOTALS).astype({"compiled": float})
    before = found.assign(year=found["year"] + 1)
    both = found.merge(before, on=TOTALS[:4], how="left", suffixes=("", "_before"))
    both["compiled"] / both["compiled_before"] - 1


def screened(folder: Path) -> None:
    """Which reports break which hard identity."""
    from pipeline.core.form import forms
    from pipeline.edit.screen_files import screen_cells

    screen_cells(sorted((folder / "cells").glob("*.parquet")), forms()["2021"])


WORK = {
    f.__name__: f
    for f in (
        scan,
        scan_rolled_up,
        plain_sum,
        city_year,
        city_growth,
        body_growth,
        scan_write,
        screened,
        polars_sum,
        pandas_sum,
        polars_growth,
        pandas_growth,
        spark_start,
        spark_sum,
    )
}
