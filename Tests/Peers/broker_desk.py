#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A whole desk through a broker: what an intent comes to, with the executor and the risk agent that
ship with the program, a feed that grows, and a broker that fills, holds a stop and fills it.

Used by broker.py. Trader and judge are a program, since no strategy passes the gate on a few bars.
"""

import datetime
import json
import os
import re
import subprocess
import time

AGENTS = '''
import csv, glob, json, os

role = os.environ["LOOPDESK_ROLE"]
with open(os.environ["LOOPDESK_MARKET"] + "/history.csv") as file:
    last = list(csv.DictReader(file))[-1]
day = next(value[:10] for name, value in last.items() if name in ("date", "time", "timestamp"))

def say(place, topic, body):
    with open(f"outbox/{place}-{topic}.json", "w") as file:
        json.dump({"schema": 1, "topic": topic, "body": body}, file)

if role == "researcher" and day == "ENTER":
    say(1, "intent", {"strategy_hash": "5e" * 32, "symbol": "AAPL", "action": "enter"})

if role == "verifier":
    for place, name in enumerate(sorted(glob.glob("inbox/*intent*.json")), 1):
        with open(name) as file:
            intent = json.load(file)
        say(place, "verdict", {
            "kind": "intent", "subject": intent["id"], "passed": True, "side": "long",
            "rules": [{"rule": "Anything goes.", "holds": True}],
            "symbol": "AAPL", "action": intent["body"]["action"], "size": 0.02,
            "close": float(last["close"]), "stop": 0.05, "target": None, "hold": 20,
            "good_through": "2100-01-01"})
'''
DESK = '''version: 1
name: broker
replay: {{from: {first}, through: {last}}}
market:
  feed: {{kind: csv, path: data/bars.csv}}
  symbols: [AAPL]
  session_close: "21:00"
  sealed_years: 0
  recent_bars: 20
account: {{capital: 100000, fee_bps: 1}}
supervision: {{turn_timeout: 30s, attempts: 1}}
agents:
  ingestor: {{role: ingestor, every: bar}}
  trader: {{role: researcher, on: [bars], command: [python3, agents.py], program: {{kind: once}}}}
  judge: {{role: verifier, on: [intent], command: [python3, agents.py], program: {{kind: once}}}}
  executor: {{role: executor, on: [bars, verdict]}}
  risk: {{role: risk, every: 1m}}
{connectors}'''


# The last weekdays; a bar of a Saturday is none.
DAYS = [
    day for day in (
        datetime.date.today() - datetime.timedelta(days=days) for days in range(10, 0, -1)
    ) if day.weekday() < 5
][-5:]


class BrokerDesk:
    """The files of such a desk, and its feed."""

    def __init__(self, path, days):
        self.path = path
        self.days = days

    def write(self, connectors):
        files = {
            "orchestrator.yml": DESK.format(
                first=self.days[0], last=self.days[2], connectors=connectors
            ),
            "agents.py": AGENTS.replace("ENTER", str(self.days[3])),
            "limits.yml": "order_age: 30d\ndata_age: 30d\nduplicate_window: 0s\nevent_days: 0\n",
            "data/bars.csv": "date,symbol,open,high,low,close,volume\n",
        }
        for name in ["trader", "judge"]:
            files[f"agents/{name}/SKILL.md"] = (
                f"---\nname: {name}\ndescription: Does what the test needs.\n---\n# {name}\n"
            )
        for name, text in files.items():
            place = os.path.join(self.path, name)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w") as file:
                file.write(text)
        for day in self.days[:3]:
            self.tell(day)

    def tell(self, day, low=98, close=100):
        """Adds a day's bar to the feed."""
        with open(os.path.join(self.path, "data", "bars.csv"), "a") as file:
            file.write(f"{day},AAPL,100,102,{low},{close},1000000\n")

    def commit(self):
        git = ["git", "-C", self.path]
        subprocess.run([*git, "add", "--all"], check=True)
        subprocess.run(
            [*git, "-c", "user.name=peer", "-c", "user.email=peer@localhost", "commit", "--quiet",
             "-m", "desk: trades through a broker"], check=True,
        )

    def said(self, topic):
        """What the executor has said on a topic, oldest first."""
        git = ["git", "-C", self.path]
        names = subprocess.run(
            [*git, "ls-tree", "-r", "--name-only", "agents/executor"], capture_output=True,
            text=True,
        ).stdout.split()
        found = []
        for name in sorted(names):
            if not re.search(rf"{topic}[^/]*\.json$", name):
                continue
            text = subprocess.run(
                [*git, "show", f"agents/executor:{name}"], capture_output=True, text=True
            ).stdout
            found.append(json.loads(text))
        return [one.get("body", one) for one in found if one.get("topic", topic) == topic]


def check(peer, connectors):
    """Runs the desk at the stand-in of a BrokerCheck."""
    broker = peer.broker
    before = len(broker.orders)
    desk = BrokerDesk(peer.desk, DAYS)
    desk.write(connectors)
    desk.commit()
    broker.control({"prices": {"AAPL": 100.5}})
    with open(os.path.join(peer.folder, "native.log"), "w") as log:
        process = subprocess.Popen(
            [peer.loopdesk, "up", "--desk", peer.desk, "--unsafe-without-sandbox"],
            stdout=subprocess.DEVNULL, stderr=log,
        )
        try:
            follow(peer, desk, broker, before)
        finally:
            peer.run("down")
            process.wait(timeout=60)
    with open(os.path.join(peer.folder, "native.log")) as log:
        peer.check("native: the desk ends well", process.returncode == 0, log.read())


def follow(peer, desk, broker, before):
    def orders(kind):
        return [order for order in broker.orders[before:] if order["type"] == kind]

    peer.eventually("native: the desk looks at the broker",
                    lambda: peer.file().get("surveyed"), seconds=90)
    peer.check("native: nothing was entered in the past", not orders("market"), orders("market"))
    desk.tell(DAYS[3])
    peer.eventually("native: the executor's order is filled and its stop rests",
                    lambda: peer.is_protected("AAPL"), seconds=90)
    bought, stops = orders("market"), orders("stop")
    peer.check("native: 20 shares, once", [order["qty"] for order in bought] == ["20"], bought)
    peer.check("native: the stop is 5 % below the close",
               [order["stop_price"] for order in stops] in (["95"], ["95.00"]), stops)
    broker.control({"prices": {"AAPL": 94.5}})
    peer.eventually("native: the stop is filled at the broker",
                    lambda: peer.file().get("positions") == {}, seconds=90)
    desk.tell(DAYS[4], low=94, close=95)
    end = time.monotonic() + 60
    while not desk.said("trade") and time.monotonic() < end:
        time.sleep(0.5)
    trades = desk.said("trade")
    peer.check("native: the trade record has the slippage against the decision", len(trades) == 1
               and trades[0].get("reason") == "stop"
               and trades[0].get("decision_price") == "100"
               and trades[0].get("slippage") == "10", trades)
    fee = 20 * (100.5 + 94.5) * 0.0001
    peer.check("native: its profit is exact",
               bool(trades) and abs(float(trades[0]["pnl"]) + 120 + fee) < 0.00001, trades)
    peer.check("native: nothing else was ordered", len(broker.orders) == before + 2,
               broker.orders[before:])
