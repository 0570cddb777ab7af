#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Lets Loopdesk talk to other people's programs of the Model Context Protocol, in both directions.

Usage: peers.py LOOPDESK [--environments FOLDER]. Needs PyPI; without it everything is left out and
said so, and the status is 0. Each check prints one line; the status is 1 when one fails.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOKEN = "peers-0123456789abcdef"
# The newest official SDK, which speaks both eras; the last one of the first era; another library.
PACKAGES = {
    "mcp2": ["mcp>=2.3,<3", "mcp-server-time", "mcp-server-git"],
    "mcp1": ["mcp>=1.30,<2"],
    "fastmcp": ["fastmcp>=3.4"],
}
# For all packages together; whoever is slower than that is left out.
INSTALL_SECONDS = 150
CALL_SECONDS = 60


class Peers:
    def __init__(self, loopdesk, environments, folder):
        self.loopdesk = loopdesk
        self.environments = environments
        self.folder = folder
        self.desk = os.path.join(folder, "desk")
        self.failures = 0
        self.passed = 0

    # Set-up

    def install(self):
        """Whether all packages are there, installed now if they are not."""
        end = time.monotonic() + INSTALL_SECONDS
        for name, packages in PACKAGES.items():
            home = os.path.join(self.environments, name)
            python = os.path.join(home, "bin", "python")
            try:
                if not os.path.exists(python):
                    subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=60)
                subprocess.run(
                    [python, "-m", "pip", "install", "--quiet", "--retries", "1"]
                    + ["--disable-pip-version-check"] + packages,
                    check=True, timeout=max(1, end - time.monotonic()),
                    stdout=subprocess.DEVNULL,
                )
            except (subprocess.SubprocessError, OSError) as error:
                print(f"peers: left out: {name} cannot be installed ({type(error).__name__})")
                return False
        return True

    def python(self, name):
        return os.path.join(self.environments, name, "bin", "python")

    def make_desk(self, connectors):
        subprocess.run(
            [self.loopdesk, "init", self.desk], check=True, timeout=CALL_SECONDS,
            stdout=subprocess.DEVNULL,
        )
        path = os.path.join(self.desk, "orchestrator.yml")
        with open(path, "a") as file:
            file.write("\nconnectors:\n")
            for name, way in connectors.items():
                file.write(f"  {name}: {json.dumps(way)}\n")

    def run(self, words, **options):
        return subprocess.run(
            words, capture_output=True, text=True, timeout=CALL_SECONDS, **options
        )

    # Checks

    def check(self, title, holds, detail=""):
        print(f"{'ok  ' if holds else 'FAIL'} {title}{'' if holds else ': ' + str(detail)[:2000]}")
        self.passed += bool(holds)
        self.failures += not holds

    def call(self, name, tool, arguments):
        return self.run(
            [self.loopdesk, "connectors", "call", "--desk", self.desk, "--json", name, tool]
            + [json.dumps(arguments)]
        )

    def check_server(self, name, revision, tool, arguments, expected):
        """Our client against somebody's server."""
        found = self.run(
            [self.loopdesk, "connectors", "check", "--desk", self.desk, "--json", name]
        )
        told = json.loads(found.stdout or '{"connectors":[{}]}')["connectors"][0]
        self.check(
            f"{name}: speaks {revision}", told.get("revision") == revision, told or found.stderr
        )
        answer = self.call(name, tool, arguments)
        self.check(
            f"{name}: {tool}", answer.returncode == 0 and expected in answer.stdout,
            answer.stdout + answer.stderr,
        )

    def check_sample(self, name, revision):
        self.check_server(name, revision, "add", {"a": 2, "b": 40}, "42")
        counted = self.call(name, "count", {"steps": 3})
        self.check(f"{name}: progress", "counted 3" in counted.stdout, counted.stderr)
        failed = self.call(name, "fail", {})
        self.check(
            f"{name}: a failure is told",
            failed.returncode == 1 and '"isError":true' in failed.stdout,
            failed.stdout + failed.stderr,
        )
        wrong = self.call(name, "add", {"a": "x", "b": 1})
        self.check(f"{name}: wrong arguments", wrong.returncode == 65, wrong.stderr)

    def check_client(self, title, mode, revision, place):
        """Somebody's client against our server."""
        python = self.python("mcp1" if mode == "mcp1" else "mcp2")
        result = self.run(
            [python, os.path.join(HERE, "sdk_client.py"), mode] + place,
            env={**os.environ, "PEER_TOKEN": TOKEN},
        )
        told = json.loads(result.stdout) if result.returncode == 0 else {}
        detail = told or result.stderr
        self.check(f"{title}: speaks {revision}", told.get("revision") == revision, detail)
        self.check(
            f"{title}: structured results",
            told.get("good", {}).get("structured") == {"value": {"int": "7"}, "text": "7"}
            or told.get("good", {}).get("text") == "7", detail,
        )
        self.check(f"{title}: failures are results", told.get("bad", {}).get("failed"), detail)
        self.check(f"{title}: reads the desk", "researcher" in str(told.get("status")), detail)
        self.check(f"{title}: resources", told.get("templates") == 1, detail)

    # All of it

    def all(self):
        script = os.path.join(HERE, "peer_server.py")
        git = os.path.join(self.environments, "mcp2", "bin", "mcp-server-git")
        clock = os.path.join(self.environments, "mcp2", "bin", "mcp-server-time")
        libraries = [("mcp2", "2026-07-28"), ("mcp1", "2025-11-25"), ("fastmcp", None)]
        ports = {library: free_port() for library, _ in libraries}
        connectors = {"time": {"command": [clock]}, "git": {"command": [git]}}
        for library, _ in libraries:
            connectors[f"{library}-stdio"] = {
                "command": [self.python(library), script, library, "stdio"]
            }
            connectors[f"{library}-http"] = {"url": f"http://127.0.0.1:{ports[library]}/mcp"}
        self.make_desk(connectors)
        servers = [
            subprocess.Popen(
                [self.python(library), script, library, str(ports[library])],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for library, _ in libraries
        ]
        try:
            self.check_server(
                "time", "2026-07-28", "get_current_time", {"timezone": "UTC"}, "UTC"
            )
            self.check_server(
                "git", "2026-07-28", "git_log", {"repo_path": self.desk, "max_count": 1}, "Commit"
            )
            for library, revision in libraries:
                for way in ["stdio", "http"]:
                    if way == "http":
                        wait_for(ports[library])
                    self.check_sample(
                        f"{library}-{way}", revision or self.revision_of(f"{library}-{way}")
                    )
        finally:
            for server in servers:
                server.terminate()
                server.wait()
        self.clients()

    def revision_of(self, name):
        found = self.run(
            [self.loopdesk, "connectors", "check", "--desk", self.desk, "--json", name]
        )
        told = json.loads(found.stdout)["connectors"][0].get("revision")
        return told if told in ("2025-11-25", "2026-07-28") else "a known revision"

    def clients(self):
        stdio = [self.loopdesk, "mcp", "--desk", self.desk]
        token = os.path.join(self.folder, "token")
        with open(token, "w") as file:
            file.write(TOKEN)
        port = free_port()
        server = subprocess.Popen(
            stdio + ["--http", f"127.0.0.1:{port}", "--token-file", token],
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            for mode, revision in [
                ("auto", "2026-07-28"), ("legacy", "2025-11-25"), ("mcp1", "2025-11-25")
            ]:
                self.check_client(f"client {mode} stdio", mode, revision, stdio)
                self.check_client(
                    f"client {mode} http", mode, revision, [f"http://127.0.0.1:{port}/mcp"]
                )
        finally:
            server.terminate()
            server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    end = time.monotonic() + CALL_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"peers: nobody listens at port {port}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("loopdesk")
    parser.add_argument("--environments")
    words = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="loopdesk-peers-")
    try:
        peers = Peers(
            os.path.abspath(words.loopdesk),
            os.path.abspath(words.environments or os.path.join(folder, "environments")), folder,
        )
        if not peers.install():
            return 0
        peers.all()
        print(f"peers: {peers.passed} hold, {peers.failures} do not")
        return 1 if peers.failures else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
