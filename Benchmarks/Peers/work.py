# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""What every program is given: the rule's numbers, the bars, and the pairs of a sweep."""

FEE = 0.0005
CAPITAL = 100_000.0
FAST, SLOW = 20, 50
FASTS, SLOWS = range(5, 44, 2), range(50, 300, 5)


def load(path):
    """The bars as a pandas frame with times as its index."""
    import pandas

    frame = pandas.read_csv(path, parse_dates=["timestamp"], index_col="timestamp")
    frame.index = frame.index.tz_localize(None)
    return frame


def columns(frame):
    names = ("open", "high", "low", "close", "volume")
    return [frame[name].to_numpy(dtype=float) for name in names]


def pairs(count):
    """The first `count` of the thousand combinations of a sweep, in the order of the grid."""
    return [(fast, slow) for fast in FASTS for slow in SLOWS][:count]
