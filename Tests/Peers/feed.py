#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Lets a desk fetch its bars through alpaca-mcp-server from a stand-in for its source of data.

Usage: feed.py LOOPDESK [--environments FOLDER]. Needs PyPI; without it everything is left out and
said so, and the status is 0. Each check prints one line; the status is 1 when one fails.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import environments

PACKAGES = ["alpaca-mcp-server>=2.4,<3"]
INSTALL_SECONDS = 120
CALL_SECONDS = 60
KEY = "canary-feed-77c2b09a41d6"
DAYS = ["2024-01-02", "2024-01-03", "2024-01-04"]
FETCH = """    path: feed/bars.csv
    fetch:
      connector: alpaca
      tool: get_stock_bars
      arguments: {symbols: "{symbol}", start: "{from}", end: "{through}", feed: iex}
      rows: data.bars.{symbol}
      fields: {time: t, open: o, high: h, low: l, close: c, volume: v}"""


class Source(BaseHTTPRequestHandler):
    """Has bars of every symbol for the days it knows."""

    days = DAYS[:2]
    status = 200
    asked = []

    def log_message(self, *words):
        pass

    def do_GET(self):
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        Source.asked.append(query)
        shown = self.headers.get("apca-api-secret-key", "")
        status = Source.status if shown == KEY else 401
        rows = [
            {"t": f"{day}T05:00:00Z", "o": 10.5, "h": 12, "l": 9.75, "c": 11 + place, "v": 1000,
             "n": 3, "vw": 10.9}
            for place, day in enumerate(self.days) if day >= query.get("start", "")[:10]
        ]
        body = {"bars": {query["symbols"]: rows} if rows else {}, "next_page_token": None}
        data = json.dumps(body if status == 200 else {"message": "not now"}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class FeedCheck:
    def __init__(self, loopdesk, home, folder):
        self.loopdesk = loopdesk
        self.home = home
        self.desk = os.path.join(folder, "desk")
        self.failures = 0

    def make_desk(self, port):
        subprocess.run([self.loopdesk, "init", self.desk], check=True, timeout=CALL_SECONDS,
                       stdout=subprocess.DEVNULL)
        path = os.path.join(self.desk, "orchestrator.yml")
        with open(path) as file:
            text = file.read()
        connector = {
            "command": [os.path.join(self.home, "bin", "alpaca-mcp-server")],
            "environment": {
                "DATA_API_URL": f"http://127.0.0.1:{port}", "ALPACA_API_KEY": "a-key",
                "ALPACA_SECRET_KEY": "env:FEED_KEY", "FASTMCP_LOG_LEVEL": "ERROR",
            },
        }
        text = text.replace("    path: data/us-equities-daily.csv", FETCH)
        text = "\n".join(line for line in text.split("\n") if not line.startswith("  control:"))
        text = text.replace("from: 2000-03-01", "from: 2024-01-02")
        text = text.replace("through: 2013-03-01", "through: 2024-01-31")
        with open(path, "w") as file:
            file.write(f"{text}\nconnectors:\n  alpaca: {json.dumps(connector)}\n")
        with open(os.path.join(self.desk, ".gitignore"), "a") as file:
            file.write("/feed/\n")
        for words in [["add", "--all"],
                      ["-c", "user.name=peer", "-c", "user.email=peer@example.invalid", "commit",
                       "--quiet", "--message", "a source of bars"]]:
            subprocess.run(["git", "-C", self.desk, *words], check=True, timeout=CALL_SECONDS)

    def run(self, *words):
        return subprocess.run(
            [self.loopdesk, *words, "--desk", self.desk], capture_output=True, text=True,
            timeout=CALL_SECONDS, env={**os.environ, "FEED_KEY": KEY},
        )

    def rows(self):
        path = os.path.join(self.desk, "feed", "bars.csv")
        if not os.path.exists(path):
            return []
        with open(path) as file:
            return file.read().splitlines()[1:]

    def check(self, title, holds, detail=""):
        print(f"{'ok  ' if holds else 'FAIL'} {title}{'' if holds else ': ' + str(detail)[:2000]}")
        self.failures += not holds

    def all(self):
        first = self.run("feed", "fetch")
        self.check("bars come into the file", len(self.rows()) == 10, first)
        self.check("a row is as the source has it",
                   "AAPL,2024-01-02,10.5,12,9.75,11,1000" in self.rows(), self.rows())
        again = self.run("feed", "fetch", "--json")
        self.check("nothing is taken twice",
                   again.stdout == '{"bars":0,"through":"2024-01-03"}\n', again)
        self.check("the source is asked for what is missing",
                   Source.asked[-1]["start"].startswith("2024-01-04"), Source.asked[-1])
        before = self.rows()
        Source.status, Source.days = 500, DAYS
        failed = self.run("feed", "fetch")
        self.check("an error of the source changes nothing and is told",
                   failed.returncode != 0 and "not now" in failed.stderr
                   and self.rows() == before, failed)
        Source.status = 200
        more = self.run("feed", "fetch")
        self.check("what was missed comes later", more.stdout.startswith("5 bars"), more)
        replay = self.run("replay", "--json")
        self.check("the desk replays the file",
                   replay.returncode == 0 and '"ticks":3' in replay.stdout, replay)
        told = "".join(result.stdout + result.stderr
                       for result in [first, again, failed, more, replay])
        found = [os.path.join(folder, name) for folder, _, names in os.walk(self.desk)
                 for name in names if not os.path.islink(os.path.join(folder, name))
                 and KEY.encode() in open(os.path.join(folder, name), "rb").read()]
        self.check("the key stands nowhere", KEY not in told and not found, found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("loopdesk")
    parser.add_argument("--environments", help="a folder to keep the installed packages in")
    words = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="loopdesk-feed-")
    home = os.path.abspath(words.environments or os.path.join(folder, "environments"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Source)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        feed = FeedCheck(os.path.abspath(words.loopdesk), os.path.join(home, "alpaca"),
                         folder)
        if missing := environments.install(feed.home, PACKAGES, INSTALL_SECONDS):
            print(f"feed: left out: {missing}")
            return 0
        feed.make_desk(server.server_address[1])
        feed.all()
        print(f"feed: {feed.failures} checks failed")
        return 1 if feed.failures else 0
    finally:
        server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
