"""Test that every model and saved query, transpiled by sqlglot, gives the same rows on Spark as on DuckDB."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import expressions

from pipeline.core.paths import SQL, Data
from pipeline.rollup.models import models
from pipeline.storage.database import connect
from pipeline.storage.dictionary import LOADED, REGISTERS

# Settings for small data: one partition, no generated code, no adaptive planning, and a compiler that starts fast. All
# ports are bound to this machine.
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.showConsoleProgress": "false",
}
PARAMETERS = {"lang": "en", "body": "411200", "year": 2019, "indicator": "applications.new"}
MILLIONTH = Decimal("0.000001")

# Column names, and each row with the number of its occurrences.
Result = tuple[list[str], Counter[tuple[Any, ...]]]


@pytest.fixture
def spark(tmp_path: Path) -> Iterator[Any]:
    """Yield a local Spark session. Skip the test without PySpark or Java."""
    pytest.importorskip("pyspark", reason="needs the extra `spark`")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Spark needs Java 17 or later")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("ogi")
    folders = {"spark.local.dir": str(tmp_path / "local"), "spark.sql.warehouse.dir": str(tmp_path / "warehouse")}
    for name, value in (SETTINGS | folders).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def test_models_and_queries_give_the_same_rows_on_spark_and_duckdb(built: Path, spark: Any) -> None:
    data = Data(built / "data")
    for table in (*REGISTERS, *LOADED):
        spark.read.parquet(str(data.current.resolve() / table)).createOrReplaceTempView(table)
    with connect(data) as database:
        for step in (m for m in models() if m.folder == "steps"):  # the snapshot has the marts only
            database.execute(f"CREATE TEMP VIEW {step.name} AS {step.sql}")
        differences = {
            name: describe_differences(run_on_spark(spark, name, sql), run_on_duckdb(database, sql))
            for name, sql in statements()
        }
    assert {name: lines for name, lines in differences.items() if lines} == {}


def describe_differences(spark_result: Result, duckdb_result: Result) -> list[str]:
    """Return different columns, or up to three rows that only one of the results has."""
    (spark_columns, spark_rows), (duckdb_columns, duckdb_rows) = spark_result, duckdb_result
    if spark_columns != duckdb_columns:
        return [f"columns: {spark_columns}, {duckdb_columns}"]
    spark_only = list((spark_rows - duckdb_rows).elements())[:3]
    duckdb_only = list((duckdb_rows - spark_rows).elements())[:3]
    return [f"Spark: {row}" for row in spark_only] + [f"DuckDB: {row}" for row in duckdb_only]


def statements() -> Iterator[tuple[str, str]]:
    """Yield name and SQL of the models in order, then of the saved queries with their parameters filled in."""
    yield from ((m.name, m.sql) for m in models())
    for path in sorted((SQL / "queries").glob("*.sql")):
        yield f"query_{path.stem}", fill_parameters(path.read_text(encoding="utf-8"))


def fill_parameters(sql: str) -> str:
    """Replace the `$parameters` of a statement by the values of PARAMETERS, others by NULL."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    for parameter in list(tree.find_all(expressions.Parameter, expressions.Placeholder)):
        parameter.replace(expressions.convert(PARAMETERS.get(parameter.name)))
    return tree.sql("duckdb")


def run_on_spark(spark: Any, name: str, sql: str) -> Result:
    """Run a DuckDB statement on Spark. Later statements can read the result as the table `name`."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    for part in tree.find_all(expressions.CTE):
        part.set("materialized", None)  # a hint to the planner of DuckDB, which Spark has no word for
    frame = spark.sql(tree.sql("spark")).localCheckpoint()  # nested plans take three times as long
    frame.createOrReplaceTempView(name)
    return frame.columns, count_rows(frame.collect())


def run_on_duckdb(database: duckdb.DuckDBPyConnection, sql: str) -> Result:
    """Run a statement on DuckDB."""
    result = database.execute(sql)
    return [d[0] for d in result.description or ()], count_rows(result.fetchall())


def count_rows(rows: Sequence[Sequence[Any]]) -> Counter[tuple[Any, ...]]:
    """Count equal rows after each value was normalised."""
    return Counter(tuple(normalise(value) for value in row) for row in rows)


def normalise(value: Any) -> Any:
    """Return numbers of any type as a decimal rounded to a millionth, and lists as tuples, which can be counted."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return Decimal(str(value)).quantize(MILLIONTH)
