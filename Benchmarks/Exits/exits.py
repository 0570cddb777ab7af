#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Shows that positions are left by their plans when every agent is dead.

Starts a real gateway over a market that is made from a seed, with gaps beyond stops and targets and
with ticks that some instruments lack. Two processes play the agents: one enters positions with all
kinds of plans, the other is the risk agent. Both are killed with SIGKILL. From then on nobody
speaks to the gateway but the one who tells it that a tick has passed. What each plan asks for is
reckoned here, from the same bars and without any of the gateway's code, and compared with what it
did.

Usage: exits.py <loopdesk> [seed] [--json]
"""

import array
import datetime
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile

SYMBOLS = ["AAA", "BBB", "CCC", "DDD", "EEE"]
TICKS = 390
ENTRY_TICKS = 40
ENTRIES_A_TICK = 8

DESK = """version: 1
name: exits
replay: {from: 2020-01-01, through: 2030-12-31}
market:
  feed: {kind: csv, path: bars.csv}
  symbols: [AAA, BBB, CCC, DDD, EEE]
account: {capital: 1000000, fee_bps: 0, slippage_bps: 0}
agents:
  ingestor: {role: ingestor, every: bar}
"""

LIMITS = """price_jump: 100
plan_collar: 100
data_age: 365d
duplicate_window: 0s
orders_per_minute: 100000
waiting_orders: 100000
order_notional: 10000000
position_notional: 10000000
signal_fraction: 100
signal_risk: 100
sector_exposure: 100
gross_exposure: 100
daily_loss: 100
drawdown: 100
"""


class Gateway:
    """A gateway, its control line, and connections that are handed in."""

    def __init__(self, program, desk):
        self.control, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.door, door = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec 3<&{door.fileno()}; exec "$@"', "-", program, "gateway",
             "--desk", desk],
            stdin=control, stdout=control, pass_fds=[door.fileno()],
        )
        control.close()
        door.close()
        self.line = Line(self.control)

    def connect(self, role):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        rights = array.array("i", [theirs.fileno()])
        self.door.sendmsg([json.dumps({"role": role}).encode()],
                          [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        theirs.close()
        return ours

    def end(self):
        self.control.shutdown(socket.SHUT_RDWR)
        self.process.wait()


class Line:
    """Requests over one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.lines = connection.makefile("r")
        self.number = 0

    def ask(self, method, parameters):
        self.number += 1
        request = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": parameters}
        self.connection.sendall((json.dumps(request) + "\n").encode())
        reply = json.loads(self.lines.readline())
        if "error" in reply:
            raise SystemExit(f"{method}: {reply['error']}")
        return reply["result"]


def make_bars(rng):
    """The bars of each tick by symbol, in whole cents; a symbol may lack a tick."""
    day, ticks = datetime.date(2020, 1, 1), []
    last = {symbol: rng.randint(5_000, 20_000) for symbol in SYMBOLS}
    while len(ticks) < TICKS:
        if day.weekday() < 5:
            bars = {}
            for symbol in SYMBOLS:
                # One tick in twelve opens far from the last close; one in twenty is not there.
                jump = rng.choice([-1, 1]) * rng.randint(4, 18) if rng.randint(1, 12) == 1 else 0
                opened = max(500, last[symbol] * (100 + jump) // 100 + rng.randint(-80, 80))
                closed = max(500, opened + rng.randint(-200, 200))
                high = max(opened, closed) + rng.randint(0, 150)
                low = min(opened, closed) - rng.randint(0, 150)
                if rng.randint(1, 20) > 1:
                    bars[symbol] = (opened, high, low, closed)
                    last[symbol] = closed
            ticks.append((day, bars))
        day += datetime.timedelta(days=1)
    return ticks


def cents(value):
    return f"{value // 100}.{value % 100:02d}"


def write_desk(folder, ticks):
    os.makedirs(f"{folder}/.loopdesk")
    pathlib.Path(f"{folder}/orchestrator.yml").write_text(DESK, encoding="utf-8")
    pathlib.Path(f"{folder}/limits.yml").write_text(LIMITS, encoding="utf-8")
    with open(f"{folder}/bars.csv", "w", encoding="utf-8") as file:
        file.write("symbol,timestamp,open,high,low,close,volume\n")
        for day, bars in ticks:
            for symbol, prices in sorted(bars.items()):
                file.write(f"{symbol},{day}," + ",".join(cents(p) for p in prices) + ",1000\n")


def draw_plan(rng, last):
    """A plan with one to four of the rules, in cents; a condition is a name and a level."""
    is_long = rng.random() < 0.5
    sign = 1 if is_long else -1
    plan = {"side": "buy" if is_long else "sell", "stop": None, "target": None,
            "hold": rng.randint(1, 60) if rng.random() < 0.5 else 300, "condition": None}
    if rng.random() < 0.6:
        plan["stop"] = last - sign * last * rng.randint(2, 20) // 100
    if rng.random() < 0.5:
        plan["target"] = last + sign * last * rng.randint(2, 20) // 100
    if rng.random() < 0.6:
        level = last - sign * last * rng.randint(1, 10) // 100
        plan["condition"] = rng.choice(["level", "average", "fall"]), level
    return plan


def condition_text(plan):
    """The condition as the gateway is given it."""
    if plan["condition"] is None:
        return None
    kind, level = plan["condition"]
    beyond = "<" if plan["side"] == "buy" else ">"
    if kind == "level":
        return f"close {beyond} {cents(level)}"
    if kind == "average":
        return f"close {beyond} sma(close, 5)"
    return f"close {beyond} open && close {beyond} {cents(level)}"


def has_failed(plan, bar, closes):
    """The condition again, in whole cents."""
    kind, level = plan["condition"]
    sign = 1 if plan["side"] == "buy" else -1
    opened, _, _, closed = bar
    if kind == "level":
        return (closed - level) * sign < 0
    if kind == "average":
        return len(closes) >= 5 and (5 * closed - sum(closes[-5:])) * sign < 0
    return (closed - opened) * sign < 0 and (closed - level) * sign < 0


def play_executor(connection, orders):
    """A process of its own that submits orders and then waits to be killed."""
    process = os.fork()
    if process:
        return process
    try:
        line = Line(connection)
        for order in orders:
            answer = line.ask("order/submit", order)
            if answer["state"] != "accepted":
                sys.stderr.write(f"refused: {answer}\n")
                os._exit(1)
        os.kill(os.getpid(), signal.SIGSTOP)
    finally:
        os._exit(0)


def play_risk(connection):
    """A process of its own that is only there."""
    process = os.fork()
    if process == 0:
        Line(connection)
        signal.pause()
        os._exit(0)
    return process


def expected_exit(plan, entry, ticks, symbol):
    """When and why the plan leaves a position that was entered at a tick: the tick of the rule, the
    tick of the act, the reason and the price; nil when the bars end before."""
    sign = 1 if plan["side"] == "buy" else -1
    closes = [bars[symbol][3] for _, bars in ticks[:entry] if symbol in bars]
    held, due = 0, None
    for number in range(entry, len(ticks)):
        bar = ticks[number][1].get(symbol)
        if bar is None:
            continue
        opened, high, low, closed = bar
        if due is not None:
            return due[0], number, due[1], opened
        held += 1
        closes.append(closed)
        worst, best = (low, high) if sign > 0 else (high, low)
        stop, target = plan["stop"], plan["target"]
        if stop is not None and (opened - stop) * sign <= 0:
            return number, number, "stop", opened
        if target is not None and (opened - target) * sign >= 0:
            return number, number, "target", opened
        if stop is not None and (worst - stop) * sign <= 0:
            return number, number, "stop", stop
        if target is not None and (best - target) * sign >= 0:
            return number, number, "target", target
        if plan["condition"] is not None and has_failed(plan, bar, closes):
            due = (number, "invalidation")
        elif held >= plan["hold"]:
            due = (number, "holdLimit")
    return None


def make_orders(rng, ticks, number, plans):
    """The orders that are asked after a tick, with the verdicts that let them pass."""
    day, bars = ticks[number]
    now, orders, permits = f"{day}T21:00:00Z", [], []
    for place in range(ENTRIES_A_TICK):
        symbol = rng.choice(sorted(bars))
        plan = draw_plan(rng, bars[symbol][3])
        name = f"{number}-{place}"
        plans[f"o-{name}"] = (symbol, plan)
        written = {
            "stop": plan["stop"] and cents(plan["stop"]),
            "target": plan["target"] and cents(plan["target"]), "holdLimit": plan["hold"],
            "invalidation": "see the condition", "confidence": "0.6", "risk": "100",
        }
        if condition_text(plan) is not None:
            written["invalidIf"] = condition_text(plan)
        orders.append({
            "id": f"o-{name}", "instrument": symbol, "side": plan["side"],
            "quantity": str(rng.randint(1, 40)), "asked": now, "signal": f"intent-{name}",
            "strategy": f"s-{name}", "plan": written})
        permits.append({
            "verdict": f"verdict-{name}", "intent": f"intent-{name}", "action": "enter",
            "symbol": symbol, "side": "long" if plan["side"] == "buy" else "short",
            "strategy": f"s-{name}", "size": "1", "close": "1", "stop": None, "target": None,
            "hold": None, "invalidIf": None, "goodThrough": "2100-01-01"})
    return orders, permits


def read_events(gateway):
    """Everything that happened, read by somebody who only looks."""
    line, events = Line(gateway.connect("observer")), []
    while True:
        page = line.ask("events/read", {"after": len(events)})
        events += page["events"]
        if not page["events"] or len(events) >= page["last"]:
            return events


def run(program, seed, folder):
    rng = random.Random(seed)
    ticks, plans = make_bars(rng), {}
    write_desk(folder, ticks)
    gateway = Gateway(program, folder)
    risk_line = gateway.connect("risk")
    risk = play_risk(risk_line)
    risk_line.close()
    for number, (day, bars) in enumerate(ticks):
        now = f"{day}T21:00:00Z"
        gateway.line.ask("session/settle", {"time": now})
        if number >= ENTRY_TICKS or not bars:
            continue
        gateway.line.ask("round/begin", {"time": now, "round": 1})
        orders, permits = make_orders(rng, ticks, number, plans)
        for permit in permits:
            answer = gateway.line.ask("verdict/record", {"found": "a study", "permit": permit})
            if not answer["recorded"]:
                raise SystemExit(f"no verdict: {answer}")
        connection = gateway.connect("executor")
        executor = play_executor(connection, orders)
        connection.close()
        _, status = os.waitpid(executor, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            raise SystemExit("an order was refused")
        os.kill(executor, signal.SIGKILL)
        os.waitpid(executor, 0)
        if number == ENTRY_TICKS - 1:
            os.kill(risk, signal.SIGKILL)
            os.waitpid(risk, 0)
    events = read_events(gateway)
    gateway.end()
    return ticks, plans, events


def judge(ticks, plans, events):
    """Compares what was done with what the plans ask for."""
    place = {f"{day}T21:00:00Z": number for number, (day, _) in enumerate(ticks)}
    entries, exits, rows, faults = {}, {}, {}, []
    for event in events:
        if event["kind"] == "orderFilled" and event["fill"]["order"] in plans:
            entries[event["fill"]["order"]] = event["fill"]
        if event["kind"] == "lotClosed":
            exits[event["trade"]["entry"]] = event["trade"]
    for name, fill in sorted(entries.items()):
        symbol, plan = plans[name]
        expected = expected_exit(plan, place[fill["time"]], ticks, symbol)
        trade = exits.get(name)
        if expected is None or trade is None:
            if (expected is None) != (trade is None):
                faults.append(f"{name}: expected {expected}, found {trade}")
            continue
        rule, act, reason, price = expected
        done = place[trade["closed"]]
        # Ticks in which the instrument has no price cannot be acted in.
        late = sum(1 for _, bars in ticks[rule + 1:done + 1] if symbol in bars)
        row = rows.setdefault(trade["reason"], {"positions": 0, "most": 0})
        row["positions"] += 1
        row["most"] = max(row["most"], late)
        said = round(float(trade["exitPrice"]) * 100)
        if (done, trade["reason"], said) != (act, reason, price):
            faults.append(f"{name}: expected {expected}, found {done} {trade['reason']} {said}")
        if trade["quantity"] != fill["quantity"]:
            faults.append(f"{name}: {trade['quantity']} of {fill['quantity']} were protected")
    return len(entries), len(exits), rows, faults


def main():
    arguments = [word for word in sys.argv[1:] if word != "--json"]
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    with tempfile.TemporaryDirectory(prefix="loopdesk-exits-") as folder:
        ticks, plans, events = run(os.path.abspath(arguments[0]), seed, f"{folder}/desk")
    entered, left, rows, faults = judge(ticks, plans, events)
    if "--json" in sys.argv:
        print(json.dumps({"entered": entered, "left": left, "rows": rows, "faults": faults}))
    else:
        print(f"{len(ticks)} ticks, {entered} positions entered in the first {ENTRY_TICKS}, each "
              f"executor killed at once, the risk agent after those; {left} positions were left")
        print("rule            positions   most ticks from rule to act")
        for reason, row in sorted(rows.items()):
            print(f"{reason:<15} {row['positions']:>9}   {row['most']:>27}")
        for fault in faults[:20]:
            print(f"fault: {fault}")
        print(f"{len(faults)} acts that are not those of the plan")
    sys.exit(1 if faults or not rows or max(row["most"] for row in rows.values()) > 1 else 0)


main()
