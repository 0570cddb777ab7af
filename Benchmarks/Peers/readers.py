# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""TA-Lib, and the libraries that read files."""

from work import columns


def talib_indicators(frame):
    import talib

    _, highs, lows, closes, _ = columns(frame)

    def run():
        return {
            "sum": float(
                talib.EMA(closes, 20)[-1]
                + talib.EMA(closes, 50)[-1]
                + talib.MACD(closes)[2][-1]
                + talib.RSI(closes, 7)[-1]
                + talib.RSI(closes, 14)[-1]
                + talib.ATR(highs, lows, closes, 3)[-1]
                + talib.ATR(highs, lows, closes, 14)[-1]
            )
        }

    return run


def reader(program, path):
    """A function that reads a file, times included, and gives its last close."""
    is_parquet = path.endswith(".parquet")
    if program == "pandas":
        import pandas

        def run():
            if is_parquet:
                frame = pandas.read_parquet(path)
            else:
                frame = pandas.read_csv(path, parse_dates=["timestamp"])
            return {"sum": float(frame["close"].iloc[-1])}
    elif program == "polars":
        import polars

        def run():
            if is_parquet:
                frame = polars.read_parquet(path)
            else:
                # Its own guessing of times takes more than twice as long as this.
                times = polars.col("timestamp").str.strptime(
                    polars.Datetime("us"), "%Y-%m-%dT%H:%M:%SZ", cache=False
                )
                frame = polars.read_csv(path).with_columns(times)
            return {"sum": frame["close"][-1]}
    else:
        from pyarrow import csv, parquet

        def run():
            table = parquet.read_table(path) if is_parquet else csv.read_csv(path)
            return {"sum": table["close"][-1].as_py()}

    return run
