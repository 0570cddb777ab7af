# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Reading the journal of publications, on its own and not with the code that is under test."""

import json
from hashlib import sha1

PATH = ".git/loopdesk/journal"


def records(data):
    """The records of a journal that count, oldest first."""
    if data[:4] != b"LDJ1" or len(data) < 12:
        return []
    found, generation, place = [], data[4:12], 12
    while data[place:place + 8] == generation:
        length = int.from_bytes(data[place + 8:place + 12], "big")
        close = place + 12 + length
        if len(data) < close + 20 or sha1(data[place:close]).digest() != data[close:close + 20]:
            break
        found.append(data[place + 12:close])
        place = close + 20
    return found


def read(body):
    """Where a record moves references, and the signals that it holds."""
    place = 0

    def number():
        nonlocal place
        place += 4
        return int.from_bytes(body[place - 4:place], "big")

    def chunk():
        nonlocal place
        length = number()
        place += length
        return body[place - length:place]

    chunk()
    heads, signals = {}, set()
    for _ in range(number()):
        name = chunk().decode()
        heads[name.removeprefix("refs/heads/")] = body[place:place + 20].hex()
        place += 40
        chunk()
    for _ in range(number()):
        place += 1
        signals.add(signal_of(chunk()))
    return heads, signals - {None}


def signal_of(data):
    """What a signal says, whether it is the file on a branch or the one in an inbox."""
    if not data.startswith(b"{"):
        return None
    try:
        value = json.loads(data)
    except ValueError:
        return None
    if not isinstance(value, dict) or "topic" not in value or "body" not in value:
        return None
    return json.dumps([value["topic"], value["body"]], sort_keys=True)


# What a verifier is told in other words: items by names of its own, strategies in typed form.
REWORDED = ("proposal", "report", "intent", "fill", "trade")
RENAMED = ("strategy_hash", "proposal", "subject", "intent", "order", "name", "enter", "exit",
           "parameters", "features", "schema")


def is_among(signal, safe):
    """Whether a signal is one of some, or what a verifier is told of one of them."""
    if signal in safe:
        return True
    topic, body = json.loads(signal)
    # What was tried before, the supervisor tells; nobody has said it.
    if topic == "trials":
        return True
    return topic in REWORDED and any(
        tells_of(body, other) for name, other in map(json.loads, safe) if name == topic
    )


def tells_of(body, other):
    """Whether one body says nothing but what is in another, apart from names."""
    told = [name for name in body if name not in RENAMED]
    return bool(told) and all(
        tells_of(body[name], other.get(name, {})) if name == "strategy"
        else name in other and other[name] == body[name]
        for name in told
    )


def times(data):
    """The instants whose records count, as their signatures tell them."""
    found = set()
    for body in records(data):
        # The first record says where branches were left, and has no objects.
        if body[-4:] == bytes(4):
            continue
        length = int.from_bytes(body[:4], "big")
        found.add(body[4:4 + length].split()[-2])
    return found
