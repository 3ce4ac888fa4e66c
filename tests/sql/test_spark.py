"""The same SQL on another engine: every model and saved query, transpiled, says on Spark what it says on DuckDB."""

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

# Small data: one partition, no generated code, no adaptive planning, and a compiler that starts fast. Nothing listens
# but on this machine.
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
PARAMETERS = {"lang": "en", "region_code": "411200", "year": 2019, "indicator": "applications.new"}
MILLIONTH = Decimal("0.000001")

Answer = tuple[list[str], Counter[tuple[Any, ...]]]


@pytest.fixture
def spark(tmp_path: Path) -> Iterator[Any]:
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


def test_every_model_and_query_says_on_spark_what_it_says_on_duckdb(built: Path, spark: Any) -> None:
    data = Data(built / "data")
    for table in (*REGISTERS, *LOADED):
        spark.read.parquet(str(data.current.resolve() / table)).createOrReplaceTempView(table)
    with connect(data) as database:
        differ = {name: told(said(spark, name, sql), answered(database, sql)) for name, sql in statements()}
    assert {name: rows for name, rows in differ.items() if rows} == {}


def told(one: Answer, other: Answer) -> list[str]:
    """Where two answers differ: the columns, or the first rows that only one of them has."""
    if one[0] != other[0]:
        return [f"columns: {one[0]}, {other[0]}"]
    spark_only, duckdb_only = (list((a - b).elements())[:3] for a, b in ((one[1], other[1]), (other[1], one[1])))
    return [f"Spark: {row}" for row in spark_only] + [f"DuckDB: {row}" for row in duckdb_only]


def statements() -> Iterator[tuple[str, str]]:
    """The models in order, then the saved queries with their parameters; one that is not given is NULL."""
    yield from ((m.name, m.sql) for m in models())
    for path in sorted((SQL / "queries").glob("*.sql")):
        yield f"query_{path.stem}", filled(path.read_text(encoding="utf-8"))


def filled(sql: str) -> str:
    """The statement with its `$parameters` written out."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    for parameter in list(tree.find_all(expressions.Parameter, expressions.Placeholder)):
        parameter.replace(expressions.convert(PARAMETERS.get(parameter.name)))
    return tree.sql("duckdb")


def said(spark: Any, name: str, sql: str) -> Answer:
    """What Spark answers; later statements read it under `name`."""
    (translated,) = sqlglot.transpile(sql, read="duckdb", write="spark")
    frame = spark.sql(translated).localCheckpoint()  # nested plans take thrice as long
    frame.createOrReplaceTempView(name)

    return frame.columns, counted(frame.collect())


def answered(database: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """What DuckDB answers."""
    result = database.execute(sql)
    return [d[0] for d in result.description or ()], counted(result.fetchall())


def counted(rows: Sequence[Sequence[Any]]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(plain(value) for value in row) for row in rows)


def plain(value: Any) -> Any:
    """Numbers as one decimal, whatever type an engine gives them; lists can be counted as tuples."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return Decimal(str(value)).quantize(MILLIONTH)
