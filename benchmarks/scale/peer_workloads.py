"""The timed work in other libraries: polars, pandas and Spark. Each function gets the folder of the country."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workloads import SUM_COLUMNS, THREADS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TOTAL_KEY = ["body_id", "indicator", "applicant", "year"]


def sum_members_polars(folder: Path) -> None:
    """Sum the members of each city in polars, lazily."""
    import polars as pl

    rows = pl.scan_parquet(folder / "observations" / "*.parquet").filter(pl.col("total_id").is_not_null())
    rows.group_by("total_id").agg(pl.col("value").sum()).collect()


def sum_members_pandas(folder: Path) -> None:
    """Sum the members of each city in pandas. Decimals become floats: as Python objects they take minutes."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    rows = ds.dataset(folder / "observations").to_table(columns=list(SUM_COLUMNS))
    frame = rows.set_column(1, "value", rows["value"].cast(pa.float64())).to_pandas()
    frame.dropna(subset=["total_id"]).groupby("total_id", sort=False)["value"].sum()


def start_spark(_folder: Path) -> None:
    """Start Spark and run a trivial query."""
    _spark().range(1).count()


def sum_members_spark(folder: Path) -> None:
    """Start Spark on this machine and sum the members of each city."""
    rows = _spark().read.parquet(str(folder / "observations")).where("total_id IS NOT NULL").groupBy("total_id")
    rows.sum("value").write.format("noop").mode("overwrite").save()


def _spark() -> SparkSession:
    """Return a new local Spark session with two threads."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.memory": "6g", "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false", "spark.log.level": "ERROR",
    }  # fmt: skip
    return SparkSession.builder.master(f"local[{THREADS}]").config(map=settings).getOrCreate()


def divide_totals_polars(folder: Path) -> None:
    """Divide each city total by that of the year before in polars."""
    import polars as pl

    totals = pl.read_parquet(folder / "compiled" / "*.parquet", columns=[*TOTAL_KEY, "compiled"])
    previous = totals.with_columns(pl.col("year") + 1)
    pairs = totals.join(previous, on=TOTAL_KEY, how="left", suffix="_before")
    pairs.with_columns(growth=pl.col("compiled") / pl.col("compiled_before") - 1)


def divide_totals_pandas(folder: Path) -> None:
    """Divide each city total by that of the year before in pandas, as floats."""
    import pandas as pd

    totals = pd.read_parquet(folder / "compiled", columns=[*TOTAL_KEY, "compiled"]).astype({"compiled": float})
    previous = totals.assign(year=totals["year"] + 1)
    pairs = totals.merge(previous, on=TOTAL_KEY, how="left", suffixes=("", "_before"))
    pairs["compiled"] / pairs["compiled_before"] - 1
