#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Writes the Parquet fixtures of the Quant tests with pandas, pyarrow, polars, DuckDB
and fastparquet.

    pip install pandas pyarrow polars duckdb fastparquet
    Tests/References/parquet_fixtures.py

Each file holds the same forty bars, so that one test compares them all. With the name of a file
that Loopdesk wrote as argument, reads it with all four instead and compares their views.
"""
import os
import sys

import duckdb
import fastparquet
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = ["open", "high", "low", "close"]


def bars():
    """Forty minutes of two symbols, all numbers exact in binary."""
    index = np.arange(40)
    close = 100 + (index * 7 % 11) / 8
    frame = pd.DataFrame(
        {
            "symbol": np.where(index < 25, "AAA", "BBB"),
            "timestamp": pd.date_range("2024-01-02 14:30", periods=40, freq="min"),
            "open": close - 0.25,
            "high": close + 0.5,
            "low": close - 0.5,
            "close": close,
            "volume": index * 1000 + 1,
        }
    )
    frame["timestamp"] = frame["timestamp"].astype("datetime64[ns]")
    return frame


def write(folder):
    frame = bars()
    os.makedirs(folder, exist_ok=True)

    def path(name):
        return os.path.join(folder, name + ".parquet")

    frame.to_parquet(path("pandas"))
    indexed = frame.rename(columns={"timestamp": "Date", **{c: c.title() for c in COLUMNS}})
    indexed.set_index("Date").to_parquet(path("pandas-index"))
    utc = frame.assign(timestamp=frame["timestamp"].dt.tz_localize("UTC"))
    table = pa.Table.from_pandas(utc, preserve_index=False)
    pq.write_table(table, path("pyarrow-v2-zstd"), compression="zstd", data_page_version="2.0",
                   row_group_size=16)
    pq.write_table(table, path("pyarrow-plain"), compression="none", use_dictionary=False,
                   coerce_timestamps="ms")
    pq.write_table(table, path("pyarrow-delta"), use_dictionary=False, column_encoding={
        "timestamp": "DELTA_BINARY_PACKED", "volume": "DELTA_BINARY_PACKED",
        "symbol": "DELTA_LENGTH_BYTE_ARRAY", "open": "BYTE_STREAM_SPLIT"})
    pq.write_table(table, path("pyarrow-int96"), use_deprecated_int96_timestamps=True)
    pq.write_table(table, path("pyarrow-gzip"), compression="gzip")
    decimal = table
    for name, (precision, scale) in {"open": (18, 3), "high": (6, 3), "close": (38, 5)}.items():
        place = decimal.schema.get_field_index(name)
        values = decimal[name].cast(pa.decimal128(precision, scale))
        decimal = decimal.set_column(place, name, values)
    pq.write_table(decimal, path("pyarrow-decimal"), use_dictionary=["open"])
    pq.write_table(table, path("pyarrow-prefix"), use_dictionary=False,
                   column_encoding={"symbol": "DELTA_BYTE_ARRAY"})
    fastparquet.write(path("fastparquet"), frame)
    fastparquet.write(path("fastparquet-lz4"), frame, compression="LZ4")
    small = frame.assign(volume=frame["volume"].astype("uint32"),
                         **{c: frame[c].astype("float32") for c in COLUMNS})
    text = small.assign(timestamp=frame["timestamp"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    text.to_parquet(path("pandas-text"))
    null = frame.copy()
    null.loc[3, "close"] = None
    null.loc[5, "timestamp"] = None
    null.loc[7, "symbol"] = None
    null.to_parquet(path("pandas-null"))
    polars = pl.from_pandas(frame)
    polars.with_columns(pl.col("timestamp").cast(pl.Datetime("us"))).write_parquet(path("polars"))
    polars.write_parquet(path("polars-snappy"), compression="snappy")
    polars.write_parquet(path("polars-lz4"), compression="lz4")
    duckdb.sql("SELECT * FROM frame").write_parquet(path("duckdb"))
    query = "SELECT * REPLACE (open::DECIMAL(9,3) AS open) FROM frame"
    duckdb.sql(f"COPY ({query}) TO '{path('duckdb-v2')}' (PARQUET_VERSION v2, CODEC zstd)")


def read(path):
    views = {
        "pandas": pd.read_parquet(path),
        "pyarrow": pq.ParquetFile(path, page_checksum_verification=True).read().to_pandas(),
        "polars": pl.read_parquet(path).to_pandas(),
        "duckdb": duckdb.sql(f"SELECT * FROM '{path}'").df(),
    }
    first = views["pandas"]
    print(first.head(3).to_string())
    for name, view in views.items():
        time = pd.to_datetime(view["timestamp"], utc=True).dt.tz_convert("UTC")
        assert list(view.columns) == ["symbol", "timestamp", *COLUMNS, "volume"], view.columns
        assert (view["symbol"].astype(str) == first["symbol"].astype(str)).all()
        assert (time.astype("int64") == pd.to_datetime(first["timestamp"], utc=True).astype("int64")).all()
        for column in [*COLUMNS, "volume"]:
            assert (view[column] == first[column]).all(), (name, column)
        print(f"{name}: {len(view)} rows agree")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    if len(sys.argv) > 1:
        read(sys.argv[1])
    else:
        write(os.path.join(here, "..", "QuantTests", "Fixtures"))
