#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Lets Loopdesk's gateway trade through alpaca-mcp-server at a stand-in for Alpaca's REST API.

Usage: broker.py LOOPDESK [--environments FOLDER]. Needs PyPI; without it everything is left out and
said so, and the status is 0. Each check prints one line; the status is 1 when one fails.
"""

import argparse
import array
import datetime
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import broker_desk
import broker_stand_in
import environments

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = ["alpaca-mcp-server>=2.4,<3"]
INSTALL_SECONDS = 120
WAIT_SECONDS = 40
# Where the gateway gets the connections of clients.
DOOR = 3
DAYS = [datetime.date.today() - datetime.timedelta(days=days) for days in range(6, 0, -1)]


def instant(day):
    return f"{day}T21:00:00Z"


class Gateway:
    """One life of the gateway's process, asked over its pipe as the supervisor does."""

    def __init__(self, loopdesk, desk):
        door, passage = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = subprocess.Popen(
            [loopdesk, "gateway", "--desk", desk, "--live", "--durable", "--broker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            preexec_fn=lambda: os.dup2(passage.fileno(), DOOR), pass_fds=[DOOR],
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"},
        )
        passage.close()
        self.numbers = iter(range(1, 1_000_000))
        self.client, end = socket.socketpair()
        door.sendmsg(
            [b'{"role":"executor"}'],
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [end.fileno()]))],
        )
        end.close()
        self.door = door
        self.lines = self.client.makefile("r")

    def ask(self, method, parameters=None):
        line = self.request(method, parameters)
        self.process.stdin.write(line)
        self.process.stdin.flush()
        return self.result(self.process.stdout.readline())

    def submit(self, order):
        self.client.sendall(self.request("order/submit", order))
        return self.result(self.lines.readline())

    def account(self):
        self.client.sendall(self.request("account/read", {}))
        return self.result(self.lines.readline())

    def request(self, method, parameters):
        body = {
            "jsonrpc": "2.0", "id": next(self.numbers), "method": method,
            "params": parameters or {},
        }
        return json.dumps(body).encode() + b"\n"

    @staticmethod
    def result(line):
        told = json.loads(line)
        return told.get("result", told)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.close()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=WAIT_SECONDS)
        self.close()

    def close(self):
        self.client.close()
        self.door.close()


class BrokerCheck:
    def __init__(self, loopdesk, environments, folder):
        self.loopdesk = loopdesk
        self.environments = environments
        self.folder = folder
        self.desk = os.path.join(folder, "desk")
        self.failures = 0
        self.passed = 0
        self.broker, self.server = broker_stand_in.start()
        self.gateway = None

    # Set-up

    @property
    def python(self):
        return os.path.join(self.environments, "alpaca", "bin", "python")

    def install(self):
        home = os.path.join(self.environments, "alpaca")
        missing = environments.install(home, PACKAGES, INSTALL_SECONDS)
        if missing:
            print(f"broker: left out: {missing}")
        return not missing

    def init(self):
        subprocess.run(
            [self.loopdesk, "init", self.desk], check=True, timeout=WAIT_SECONDS,
            stdout=subprocess.DEVNULL,
        )
        for name, secret in [("key", "a-key"), ("secret", broker_stand_in.Handler.key)]:
            with open(os.path.join(self.desk, name), "w") as file:
                file.write(secret)

    def connectors(self):
        """What a desk says of the broker and of the way to it."""
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        environment = {
            "STAND_IN_URL": url, "ALPACA_API_KEY": "file:key", "ALPACA_SECRET_KEY": "file:secret",
            "ALPACA_TOOLSETS": "account,trading", "FASTMCP_LOG_LEVEL": "ERROR",
        }
        connector = {
            "command": [self.python, os.path.join(HERE, "broker_connector.py")],
            "environment": environment,
        }
        return (
            f"\nconnectors:\n  alpaca: {json.dumps(connector)}\n"
            "broker: {connector: alpaca, mapping: alpaca, external_limit: 100}\n"
        )

    def make_desk(self):
        self.init()
        path = os.path.join(self.desk, "orchestrator.yml")
        with open(path) as file:
            text = file.read()
        # Nobody plays the risk agent here, and without one nothing is entered.
        text = text[:text.index("  risk:")]
        text = text.replace("data/us-equities-daily.csv", "data/bars.csv")
        text += self.connectors()
        with open(path, "w") as file:
            file.write(text)
        with open(os.path.join(self.desk, "data", "bars.csv"), "w") as file:
            file.write("symbol,timestamp,open,high,low,close,volume,adj_close\n")
            for symbol in ["AAPL", "FB", "GOOG", "IBM", "MSFT"]:
                for day in DAYS:
                    file.write(f"{symbol},{day},100,102,98,100,1000000,100\n")
        with open(os.path.join(self.desk, "limits.yml"), "w") as file:
            file.write("order_age: 30d\ndata_age: 30d\nduplicate_window: 0s\nevent_days: 0\n")

    def start(self):
        self.gateway = Gateway(self.loopdesk, self.desk)

    def check(self, title, holds, detail=""):
        print(f"{'ok  ' if holds else 'FAIL'} {title}{'' if holds else ': ' + str(detail)[:3000]}")
        sys.stdout.flush()
        self.passed += bool(holds)
        self.failures += not holds

    def eventually(self, title, holds, seconds=WAIT_SECONDS):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                break
            time.sleep(0.2)
        self.check(title, holds(), {**self.broker.told(), "requests": None, "file": self.file()})

    def file(self):
        """What the gateway has told last."""
        try:
            with open(os.path.join(self.desk, ".loopdesk", "broker.json")) as file:
                return json.load(file)
        except OSError:
            return {}

    # Orders

    def submit(self, name, symbol, quantity=10, day=DAYS[2]):
        """Has a verdict pass on an intent and submits its order."""
        permit = {
            "verdict": f"verdict-{name}", "intent": name, "action": "enter", "symbol": symbol,
            "side": "long", "strategy": "peer", "size": "0.02", "close": "100", "stop": None,
            "target": None, "hold": None, "invalidIf": None, "goodThrough": "2100-01-01",
        }
        recorded = self.gateway.ask("verdict/record", {"found": "broker.py", "permit": permit})
        if not recorded.get("recorded"):
            return recorded
        return self.gateway.submit({
            "id": name, "instrument": symbol, "side": "buy", "quantity": str(quantity),
            "asked": instant(day), "signal": name, "strategy": "peer",
            "plan": {
                "stop": "90.004", "target": None, "holdLimit": 50, "invalidation": "none",
                "confidence": "0.5", "risk": "100",
            },
        })

    def fault(self, kind, verb="POST", path="/v2/orders", count=1, order_type=None):
        fault = {"verb": verb, "path": path, "kind": kind, "count": count}
        self.broker.control(
            {"faults": [{**fault, "type": order_type} if order_type else fault]}
        )

    def order(self, client):
        return self.broker.order("client_order_id", client)

    def stops(self, symbol):
        return sum(
            float(order["qty"]) - float(order["filled_qty"]) for order in self.broker.orders
            if order["symbol"] == symbol and order["type"] == "stop"
            and order["status"] in broker_stand_in.OPEN
        )

    def is_protected(self, symbol):
        held = self.broker.positions().get(symbol, 0)
        return held > 0 and self.stops(symbol) == held

    def taken(self, client):
        return sum(order["client_order_id"] == client for order in self.broker.orders)

    # Checks

    def all(self):
        self.make_desk()
        try:
            self.entry()
            self.faults()
            self.kills()
            self.by_hand()
            self.stopped()
            self.lost_stops()
            self.flattening()
            self.status()
            self.secrets()
            self.up()
            self.native()
        finally:
            if self.gateway:
                self.gateway.process.kill()
                self.gateway.process.wait()

    def entry(self):
        self.start()
        self.gateway.ask("session/settle", {"time": instant(DAYS[2])})
        self.gateway.ask("round/begin", {"time": instant(DAYS[2]), "round": 0})
        self.eventually("the broker is looked at", lambda: self.file().get("surveyed"))
        answer = self.submit("plain", "AAPL")
        self.check("an order is accepted", answer.get("state") == "accepted", answer)
        self.eventually("it is filled and its stop rests", lambda: self.is_protected("AAPL"))
        stops = [order["stop_price"] for order in self.broker.orders if order["type"] == "stop"]
        self.check("its stop is on the grid", stops == ["90.01"], stops)

    def faults(self):
        """Each fault at the entry; what the broker took is there once, filled and protected."""
        for number, kind in enumerate(["drop", "delay", "duplicate", "die"]):
            before = self.broker.positions().get("MSFT", 0)
            self.fault(kind)
            answer = self.submit(f"e-{kind}", "MSFT", 5 + number)
            self.check(f"{kind}: accepted", answer.get("state") == "accepted", answer)
            begun = time.monotonic()
            self.gateway.account()
            self.check(f"{kind}: nobody waits for it", time.monotonic() - begun < 2)
            self.eventually(
                f"{kind}: filled once and protected",
                lambda: self.broker.positions().get("MSFT") == before + 5 + number
                and self.is_protected("MSFT"),
                seconds=90,
            )
            self.check(
                f"{kind}: asked for once, taken once",
                self.taken(f"e-{kind}") == 1
                and self.broker.asked[f"e-{kind}"] == (2 if kind == "duplicate" else 1),
                self.broker.asked,
            )
        for kind in ["429", "500"]:
            self.fault(kind)
            self.submit(f"e-{kind}", "GOOG")
        time.sleep(12)
        told = self.file()
        for kind in ["429", "500"]:
            self.check(
                f"{kind}: in doubt, and not sent again",
                self.taken(f"e-{kind}") == 0 and any(
                    order["id"] == f"e-{kind}" and order["standing"] == "unknown"
                    for order in told["orders"]
                ), told,
            )
        self.fault("500", "GET", "/v2/positions", count=2)

    def kills(self):
        # Written down, and never sent: the connector stands still and dies with the gateway.
        os.kill(self.broker.process, signal.SIGSTOP)
        self.submit("k-before", "FB", 7)
        self.gateway.kill()
        self.restart()
        self.eventually("killed before the send: the desk looks again",
                        lambda: self.file().get("surveyed"))
        time.sleep(8)
        self.check("killed before the send: nothing is sent again",
                   self.taken("k-before") == 0 and "k-before" not in self.broker.asked,
                   self.broker.asked)
        # Sent, and the gateway dies before it hears of it.
        self.fault("delay")
        self.submit("k-after", "FB", 7)
        end = time.monotonic() + WAIT_SECONDS
        while "k-after" not in self.broker.asked and time.monotonic() < end:
            time.sleep(0.02)
        self.gateway.kill()
        self.restart()
        again = self.submit("k-after", "FB", 7)
        self.check("killed after the send: the order is known", again.get("state") == "accepted",
                   again)
        self.eventually("killed after the send: filled once and protected",
                        lambda: self.broker.positions().get("FB") == 7 and self.is_protected("FB"))
        self.check("killed after the send: asked for once", self.broker.asked["k-after"] == 1,
                   self.broker.asked)

    def restart(self):
        path = os.path.join(self.desk, ".loopdesk", "broker.json")
        if os.path.exists(path):
            os.remove(path)
        self.start()
        self.gateway.ask("round/begin", {"time": instant(DAYS[2]), "round": 1})

    def by_hand(self):
        self.broker.control(
            {"trades": [{"symbol": "IBM", "side": "buy", "qty": "3", "time_in_force": "day"}]}
        )
        self.eventually("a trade by hand is adopted",
                        lambda: self.file().get("external") == {"IBM": "3"}, seconds=60)
        answer = self.submit("own", "IBM")
        self.check("its instrument is not entered", "by hand" in answer.get("reason", ""), answer)

    def stopped(self):
        """A stop that is hit at the broker, and the account at two closes."""
        self.gateway.ask("session/settle", {"time": instant(DAYS[3])})
        self.gateway.ask("round/begin", {"time": instant(DAYS[3]), "round": 0})
        lots = {lot["entry"]: lot for lot in self.gateway.account()["lots"]}
        self.check(
            "the account has what was filled, once",
            sorted(lots) == sorted(
                ["plain", "e-drop", "e-delay", "e-duplicate", "e-die", "k-after"]
            ), sorted(lots),
        )
        self.broker.control({"prices": {"FB": 89.5}})
        self.eventually("a stop is filled at the broker",
                        lambda: self.file().get("positions", {}).get("FB") is None, seconds=60)
        settled = self.gateway.ask("session/settle", {"time": instant(DAYS[4])})
        self.gateway.ask("round/begin", {"time": instant(DAYS[4]), "round": 0})
        account = self.gateway.account()
        self.check("the close books it", settled.get("fills") == 1
                   and "k-after" not in [lot["entry"] for lot in account["lots"]], settled)
        fee = (700 + 626.5) * 0.0001
        cash = float(account["cash"])
        held = 100 * (10 + 5 + 6 + 7 + 8)
        expected = 1_000_000 - held * 1.0001 - 7 * 10.5 - fee
        self.check("the cash is exact", abs(cash - expected) < 0.00001, (cash, expected))

    def lost_stops(self):
        """Stops that never reach the broker."""
        self.fault("500", count=1, order_type="stop")
        self.submit("s-once", "GOOG", 4, day=DAYS[4])
        self.eventually("a stop that is lost once rests all the same",
                        lambda: self.is_protected("GOOG"), seconds=15)
        self.fault("500", count=1_000, order_type="stop")
        symbol = "FB"
        self.submit("s-lost", symbol, 4, day=DAYS[4])
        end = time.monotonic() + WAIT_SECONDS
        while self.broker.positions().get(symbol, 0) == 0 and time.monotonic() < end:
            time.sleep(0.02)
        begun = time.monotonic()
        while self.broker.positions().get(symbol, 0) > 0 and time.monotonic() < end:
            time.sleep(0.02)
        seconds = time.monotonic() - begun
        self.check(f"a stop that is always lost costs {seconds:.0f} s without one, at most 15",
                   seconds <= 15 and not self.broker.positions().get(symbol))
        self.broker.faults.clear()

    def flattening(self):
        subprocess.run(
            [self.loopdesk, "halt", "--desk", self.desk, "--flatten", "--reason", "peer"],
            check=True, timeout=WAIT_SECONDS, stdout=subprocess.DEVNULL,
        )
        self.eventually("a flattening halt sells everything but what was bought by hand",
                        lambda: self.broker.positions() == {"IBM": 3}, seconds=120)
        self.check("no stop is left", all(self.stops(name) == 0 for name in ["AAPL", "MSFT"]))
        answer = self.submit("late", "AAPL", day=DAYS[4])
        self.check("a halted desk enters nothing", "halted" in answer.get("reason", ""), answer)
        doubled = [
            # What protects or closes may be sent again under its id.
            client for client in self.broker.asked if self.taken(client) > 1
            or (self.broker.asked[client] > 1 and "!" not in client and client != "e-duplicate")
        ]
        self.check("no order was doubled", not doubled, doubled)

    def status(self):
        self.gateway.stop()
        told = subprocess.run(
            [self.loopdesk, "status", "--desk", self.desk], capture_output=True, text=True,
            timeout=WAIT_SECONDS,
        )
        self.check("status shows the broker", "PA0STANDIN" in told.stdout
                   and "3 IBM held by hand" in told.stdout, told.stdout + told.stderr)

    def up(self):
        """A whole desk: the past is traded nowhere, the present through the broker."""
        self.desk = os.path.join(self.folder, "up")
        self.make_desk()
        names = ["orchestrator.yml", "data"]
        subprocess.run(["git", "-C", self.desk, "add", *names], check=True)
        subprocess.run(
            ["git", "-C", self.desk, "-c", "user.name=peer", "-c", "user.email=peer@localhost"]
            + ["commit", "--quiet", "-m", "desk: trades through a broker"], check=True,
        )
        desk = subprocess.Popen(
            [self.loopdesk, "up", "--desk", self.desk, "--unsafe-without-sandbox"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        try:
            self.eventually("up: the desk looks at the broker",
                            lambda: self.file().get("surveyed"), seconds=90)
            told = self.run("status", "--json")
            self.check("up: status has the broker", '"account":"PA0STANDIN"' in told.stdout,
                       told.stdout + told.stderr)
        finally:
            self.run("down")
            complaint = desk.communicate(timeout=WAIT_SECONDS)[1]
        self.check("up: the desk ends well", desk.returncode == 0, complaint)
        ledger = os.path.join(self.desk, ".loopdesk", "ledger.sqlite")
        for words in [["replay"], ["replay", "--fresh"]]:
            told = self.run(*words)
            self.check(f"{' '.join(words)}: is refused and the ledger kept",
                       told.returncode != 0 and "trades through a broker" in told.stderr
                       and os.path.exists(ledger), told.stdout + told.stderr)

    def native(self):
        """From an intent to the record of a trade, at a broker of its own."""
        self.broker, self.server = broker_stand_in.start()
        self.desk = os.path.join(self.folder, "native")
        self.init()
        broker_desk.check(self, self.connectors())

    def run(self, *words):
        return subprocess.run(
            [self.loopdesk, *words, "--desk", self.desk], capture_output=True, text=True,
            timeout=WAIT_SECONDS,
        )

    def secrets(self):
        """The key is in no file but its own."""
        found = []
        for place, _, names in os.walk(self.desk):
            for name in names:
                path = os.path.join(place, name)
                with open(path, "rb") as file:
                    if broker_stand_in.Handler.key.encode() in file.read():
                        found.append(os.path.relpath(path, self.desk))
        self.check("the key is in no file but its own", found == ["secret"], found)
        self.check("the broker knew who called", self.broker.unauthorized == 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("loopdesk")
    parser.add_argument("--environments")
    words = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="loopdesk-broker-")
    try:
        check = BrokerCheck(
            os.path.abspath(words.loopdesk),
            os.path.abspath(words.environments or os.path.join(folder, "environments")), folder,
        )
        if not check.install():
            return 0
        check.all()
        print(f"broker: {check.passed} hold, {check.failures} do not")
        return 1 if check.failures else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
