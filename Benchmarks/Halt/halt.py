#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Measures the kill switch when everything else is in trouble.

Starts a live gateway as a supervisor would, on a small file system of its own. For each sample it
opens positions, fills the disk to the last byte, keeps every core busy, stops the process that
plays the supervisor, and then measures from the start of `loopdesk halt --flatten` until it has
said that nothing is open any more. In between it resumes.

Usage: halt.py <loopdesk> [samples]     needs root or unprivileged user namespaces for the tmpfs
"""

import array
import fcntl
import json
import multiprocessing
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

DESK = """version: 1
name: halt
replay: {from: 2024-01-01, through: 2030-12-31}
market:
  feed: {kind: sim, seed: 5}
  symbols: [AAA, BBB, CCC]
account: {capital: 1000000, fee_bps: 1, slippage_bps: 2}
agents:
  ingestor: {role: ingestor, every: bar}
"""

LIMITS = """data_age: 365d
order_age: 365d
duplicate_window: 0s
price_jump: 100
"""


class Gateway:
    """A gateway, its control line and an executor's connection."""

    def __init__(self, program, desk):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        # The gateway is the child of a process of its own, which can be stopped as a whole.
        self.holder = os.fork()
        if self.holder == 0:
            self.control.close()
            ours.close()
            process = subprocess.Popen(
                ["bash", "-c", f'exec 3<&{theirs.fileno()}; exec "$@"', "-", program, "gateway",
                 "--desk", desk, "--live", "--durable"],
                stdin=control, stdout=control, pass_fds=[theirs.fileno()],
                stderr=open(f"{desk}/.gateway.log", "wb"),
            )
            control.close()
            theirs.close()
            os._exit(process.wait() & 0x7F)
        control.close()
        theirs.close()
        self.door = ours
        self.lines = self.control.makefile("r")
        client, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        rights = array.array("i", [other.fileno()])
        self.door.sendmsg([b'{"role":"executor"}'],
                          [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        other.close()
        self.client = client
        self.client_lines = client.makefile("r")
        self.number = 0

    def ask(self, method, parameters, as_client=False):
        self.number += 1
        line = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": parameters}
        (self.client if as_client else self.control).sendall((json.dumps(line) + "\n").encode())
        reply = json.loads((self.client_lines if as_client else self.lines).readline())
        if "error" in reply:
            raise SystemExit(f"{method}: {reply['error']}")
        return reply["result"]

    def end(self):
        # The files that read the sockets keep them open, so closing would not be heard.
        self.control.shutdown(socket.SHUT_RDWR)
        self.client.shutdown(socket.SHUT_RDWR)
        os.kill(self.holder, signal.SIGCONT)
        os.waitpid(self.holder, 0)


def spin():
    while True:
        pass


def fill(folder):
    """Takes every byte of the file system."""
    with open(f"{folder}/ballast", "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass
        try:
            while True:
                file.write(b"x")
        except OSError:
            pass


def sessions(day):
    start = time.mktime((2024, 1, 1, 0, 0, 0, 0, 0, 0)) - time.timezone
    while True:
        moment = time.gmtime(start + day * 86400)
        day += 1
        if moment.tm_wday < 5:
            return day, time.strftime("%Y-%m-%dT21:00:00Z", moment)


def halt(program, desk, ways):
    """Halts, and returns the milliseconds until nothing is open."""
    begin = time.perf_counter()
    if ways == "command":
        told = subprocess.run([program, "halt", "--flatten", "--json", "--desk", desk],
                              capture_output=True, text=True)
        said = json.loads(told.stdout)
        if said["lots"] != 0 or not said["handled"]:
            raise SystemExit(f"not flat: {told.stdout} {told.stderr}")
    return (time.perf_counter() - begin) * 1000


def measure(program, samples, root):
    desk = f"{root}/desk"
    os.makedirs(f"{desk}/.loopdesk")
    pathlib.Path(f"{desk}/orchestrator.yml").write_text(DESK)
    pathlib.Path(f"{desk}/limits.yml").write_text(LIMITS)
    # As a running desk does, so that loopdesk halt waits for the gateway.
    lock = open(f"{desk}/.loopdesk/lock", "w", encoding="ascii")
    fcntl.flock(lock, fcntl.LOCK_EX)
    gateway = Gateway(program, desk)
    burners = [multiprocessing.Process(target=spin, daemon=True) for _ in range(os.cpu_count())]
    for burner in burners:
        burner.start()
    figures = []
    # Far enough back for all samples, and not so far that prices or orders are too old.
    day = int(time.time() // 86400) - 19723 - 340
    try:
        for sample in range(samples):
            day, now = sessions(day)
            gateway.ask("session/settle", {"time": now})
            gateway.ask("round/begin", {"time": now, "round": 50})
            for name in ["AAA", "BBB", "CCC"]:
                gateway.ask("verdict/record", {"found": "a benchmark", "permit": {
                    "verdict": f"v-{sample}-{name}", "intent": f"s-{sample}-{name}",
                    "action": "enter", "symbol": name, "side": "long", "strategy": "t",
                    "size": "1", "close": "1", "stop": None, "target": None, "hold": None,
                    "goodThrough": "2100-01-01"}})
                answer = gateway.ask("order/submit", {
                    "id": f"o-{sample}-{name}", "instrument": name, "side": "buy",
                    "quantity": "10", "asked": now, "signal": f"s-{sample}-{name}",
                    "strategy": "t", "plan": {
                        "stop": None, "target": None, "holdLimit": 1000, "invalidation": "none",
                        "confidence": None, "risk": "100"},
                }, as_client=True)
                if answer["state"] != "accepted":
                    raise SystemExit(f"no position: {answer}")
            day, now = sessions(day)
            gateway.ask("session/settle", {"time": now})
            gateway.ask("round/begin", {"time": now, "round": 1})
            lots = gateway.ask("account/read", {}, as_client=True)["lots"]
            if len(lots) != 3:
                raise SystemExit(f"{len(lots)} lots instead of 3")
            fill(root)
            os.kill(gateway.holder, signal.SIGSTOP)
            figures.append(halt(program, desk, "command"))
            os.kill(gateway.holder, signal.SIGCONT)
            os.remove(f"{root}/ballast")
            account = gateway.ask("account/read", {}, as_client=True)
            if account["lots"] or account["state"] != "halted":
                raise SystemExit(f"not flat: {account}")
            told = subprocess.run([program, "resume", "--json", "--desk", desk],
                                  capture_output=True, text=True, check=True)
            if not json.loads(told.stdout)["handled"]:
                raise SystemExit(f"not resumed: {told.stdout}")
    finally:
        for burner in burners:
            burner.terminate()
        gateway.end()
        lock.close()
    return figures


def main():
    program = os.path.abspath(sys.argv[1])
    samples = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    if os.environ.get("LOOPDESK_HALT_INSIDE") is None:
        os.environ["LOOPDESK_HALT_INSIDE"] = "1"
        flags = "-m" if os.geteuid() == 0 else "-Urm"
        os.execvp("unshare", ["unshare", flags, sys.executable, *sys.argv])
    root = tempfile.mkdtemp(prefix="loopdesk-halt-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", root], check=True)
    try:
        figures = sorted(measure(program, samples, root))
    finally:
        subprocess.run(["umount", "-l", root], check=False)
        shutil.rmtree(root, ignore_errors=True)
    at = lambda part: figures[min(len(figures) - 1, int(len(figures) * part))]
    print(f"loopdesk halt --flatten, {len(figures)} times, 3 positions, disk full,"
          f" {os.cpu_count()} cores busy, supervisor stopped")
    print(f"ms from the start of the command until it has said that nothing is open:"
          f" median {statistics.median(figures):.1f}, p99 {at(0.99):.1f}, most {figures[-1]:.1f}")
    sys.exit(0 if at(0.99) <= 250 else 1)


if __name__ == "__main__":
    main()
