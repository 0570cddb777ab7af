#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Lets Claude Code and Codex be agents of a desk for a whole turn, against a scripted model that
they ask directly and, when it can be installed, through litellm's proxy.

Usage: agents.py LOOPDESK [--environments FOLDER]. Needs PyPI; without it everything is left out and
said so, and the status is 0. Each check prints one line; the status is 1 when one fails.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import litellm_proxy  # noqa: E402
from scripted_model import ScriptedModel  # noqa: E402

KEY = "canary-5d0f2b7c9e1a4836"
# The packages that bring the programs, and where in them the programs lie.
PACKAGES = {
    "claude": ("claude-agent-sdk>=0.2.186", "claude_agent_sdk/_bundled/claude"),
    "codex": ("openai-codex-cli-bin>=0.163", "codex_cli_bin/bin/codex"),
}
# Whatever a program asks, the proxy asks as Chat Completions.
CONFIGURATION = """
model_list:
  - model_name: scripted
    litellm_params:
      {model: hosted_vllm/scripted, api_key: %(key)s, api_base: "http://127.0.0.1:%(port)d/v1"}
general_settings: {master_key: %(key)s}
litellm_settings: {drop_params: true}
router_settings: {num_retries: 0, disable_cooldowns: true}
"""
# For both packages together; whoever is slower than that is left out.
INSTALL_SECONDS = 100
TURN_SECONDS = 60


class Agents:
    def __init__(self, loopdesk, environments, folder):
        self.loopdesk = loopdesk
        self.environments = environments
        self.folder = folder
        self.desk = os.path.join(folder, "desk")
        self.programs = {}
        # The agents, and the program and the port of the models that each has.
        self.agents = {}
        self.failures = 0
        self.passed = 0
        self.seen = set()
        self.leaks = []
        self.is_over = threading.Event()

    # Set-up

    def install(self):
        """Whether both programs are there, installed now if they are not."""
        if shutil.which("bwrap") is None or subprocess.run(
            ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "/bin/true"], capture_output=True
        ).returncode:
            print("agents: left out: there is no level A of the sandbox here")
            return False
        end = time.monotonic() + INSTALL_SECONDS
        home = os.path.join(self.environments, "agents")
        python = os.path.join(home, "bin", "python")
        try:
            if not os.path.exists(python):
                subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=60)
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", "--retries", "1", "--no-deps"]
                + ["--disable-pip-version-check"] + [package for package, _ in PACKAGES.values()],
                check=True, timeout=max(1, end - time.monotonic()), stdout=subprocess.DEVNULL,
            )
            place = subprocess.run(
                [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                check=True, timeout=30, capture_output=True, text=True,
            ).stdout.strip()
        except (subprocess.SubprocessError, OSError) as error:
            print(f"agents: left out: packages cannot be installed ({type(error).__name__})")
            return False
        for name, (package, path) in PACKAGES.items():
            self.programs[name] = os.path.join(place, path)
            if not os.access(self.programs[name], os.X_OK):
                print(f"agents: left out: {package} brings no program {path} for this computer")
                return False
        return True

    def entry(self, name, port):
        """How an agent with a program stands in orchestrator.yml."""
        words = {
            "claude": ["-p", "--model", "scripted", "--max-turns", "20"],
            "codex": ["exec", "-m", "scripted"],
        }[name]
        header = {"claude": ("x-api-key", ""), "codex": ("authorization", "Bearer ")}[name]
        path = {"claude": "", "codex": "/v1"}[name]
        return {
            "role": "researcher",
            "on": ["verdict"],
            "command": [self.programs[name]] + words,
            "program": {"timeout": f"{TURN_SECONDS}s",
                        "prices": {"input": "1.00", "output": "10.00"}},
            "connectors": ["helper"],
            "sandbox": {
                "read": [os.path.dirname(self.programs[name])],
                "credentials": {"model": {
                    "url": f"http://127.0.0.1:{port}{path}", "header": header[0],
                    "prefix": header[1], "secret": "env:CANARY_KEY",
                }},
            },
        }

    def make_desk(self):
        self.run("init", self.desk, on_desk=False)
        path = os.path.join(self.desk, "orchestrator.yml")
        with open(path) as file:
            lines = file.read().split("\n")
        place = lines.index("agents:") + 1
        entries = [f"  {agent}: {json.dumps(self.entry(*words))}"
                   for agent, words in self.agents.items()]
        connector = {"command": [self.loopdesk, "mcp", "--desk", self.desk],
                     "environment": {"PATH": "/usr/bin:/bin"}, "tools": ["evaluate"]}
        lines[place:place] = entries
        lines = [line for line in lines if not line.startswith("  control: ")]
        lines += ["connectors:", f"  helper: {json.dumps(connector)}", ""]
        with open(path, "w") as file:
            file.write("\n".join(lines))
        bars = os.path.join(self.desk, "data", "us-equities-daily.csv")
        with open(bars) as file:
            kept = [line for number, line in enumerate(file)
                    if number == 0 or ",2000-03-01," in line or ",2000-03-02," in line]
        with open(bars, "w") as file:
            file.writelines(kept)
        for name in self.agents:
            os.makedirs(os.path.join(self.desk, "agents", name))
            with open(os.path.join(self.desk, "agents", name, "SKILL.md"), "w") as file:
                file.write(f"---\nname: {name}\ndescription: Proposes averages.\n---\n"
                           f"# {name}\n\nPropose one moving average.\n")
        self.git("add", "--all")
        self.git("-c", "user.name=peer", "-c", "user.email=peer@example.invalid", "commit",
                 "--quiet", "--message", "two programs")

    def git(self, *words):
        return subprocess.run(
            ["git", "-C", self.desk, *words], check=True, capture_output=True, text=True,
            errors="replace", timeout=60,
        ).stdout

    def run(self, *words, on_desk=True):
        result = subprocess.run(
            [self.loopdesk, *words] + (["--desk", self.desk] if on_desk else []),
            capture_output=True, text=True, timeout=60,
        )
        if result.returncode:
            raise SystemExit(f"agents: {' '.join(words)} failed: {result.stderr}")
        return result.stdout

    # Looking on

    def watch(self):
        """Looks at the environment and the words of every process of the desk's agents."""
        key = KEY.encode()
        while not self.is_over.wait(0.02):
            for number in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{number}/environ", "rb") as file:
                        variables = file.read()
                    with open(f"/proc/{number}/cmdline", "rb") as file:
                        words = file.read()
                except OSError:
                    continue
                agent = next((part[15:].decode() for part in variables.split(b"\0")
                              if part.startswith(b"LOOPDESK_AGENT=")), None)
                if agent in self.agents:
                    self.seen.add((agent, os.path.basename(words.split(b"\0")[0].decode())))
                    if key in variables or key in words:
                        self.leaks.append((agent, number))

    def check(self, title, holds, detail=""):
        print(f"{'ok  ' if holds else 'FAIL'} {title}{'' if holds else ': ' + str(detail)[-3000:]}")
        self.passed += bool(holds)
        self.failures += not holds

    def events(self):
        folder = os.path.join(self.desk, ".loopdesk", "events")
        found = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            with open(os.path.join(folder, name)) as file:
                found += [json.loads(line) for line in file if line.endswith("\n")]
        return found

    def await_event(self, matches, seconds=TURN_SECONDS):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [event for event in self.events() if matches(json.dumps(event))]
            if found:
                return found
            time.sleep(0.1)
        return []

    # Checks

    def check_turn(self, name, server):
        before = len(server.heard)
        self.run("trigger", name)
        end = time.monotonic() + TURN_SECONDS
        log = ""
        while "proposed average-20" not in log and time.monotonic() < end:
            time.sleep(0.2)
            log = self.git("log", "--format=%B", f"main..agents/{name}")
            if "dead letter" in log:
                break
        told = "\n".join(json.dumps(event) for event in self.events() if name in json.dumps(event))
        self.check(f"{name}: a whole turn is one commit", "proposed average-20" in log, log + told)
        names = self.git("ls-tree", "-r", "--name-only", f"agents/{name}")
        proposal = [path for path in names.split() if path.endswith("-proposal.json")]
        body = json.loads(self.git("show", f"agents/{name}:{proposal[0]}"))["body"] \
            if proposal else {}
        self.check(f"{name}: its proposal has the desk's hash", len(body.get("strategy_hash", ""))
                   == 64, names)
        self.check(f"{name}: tokens and cost stand in the commit",
                   "Tokens: " in log and "Cost: 0.00" in log, log)
        said = b"".join(body for _, _, body in server.heard[before:]).decode(errors="replace")
        self.check(f"{name}: the desk's tool answered", '{\\"value\\":42' in said
                   or '\\\\\\"value\\\\\\":42' in said or '42' in said.split("20 + 22")[-1], said)
        self.check(f"{name}: a connector's tool is offered", "helper__evaluate" in said, said)
        self.check(f"{name}: the prompt has its manual", "Propose one moving average" in said)

    def check_error(self, name, server):
        """An error of the model's server is an error of the turn."""
        server.key = "another-key-0123456789"
        self.run("trigger", name)
        found = self.await_event(lambda text: "turn.failed" in text and f'"{name}"' in text)
        self.check(f"{name}: a refused key fails the turn", "status 1" in json.dumps(found),
                   self.events()[-5:])
        parked = self.await_event(lambda text: "turn.failed" in text and f'"{name}"' in text
                                  and '"attempt": 3' in text)
        self.check(f"{name}: it is tried three times and set aside", bool(parked), found)
        server.key = KEY

    def check_secrets(self, up):
        self.check("no process of an agent has the key in its words or variables",
                   not self.leaks and {agent for agent, _ in self.seen} == set(self.agents),
                   f"{self.leaks} {self.seen}")
        found = []
        for folder, _, names in os.walk(self.desk):
            for file in names:
                path = os.path.join(folder, file)
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as opened:
                        if KEY.encode() in opened.read():
                            found.append(path)
        self.check("the key stands in no file", not found, found)
        objects = self.git("cat-file", "--batch-all-objects", "--batch")
        self.check("the key stands in no object of git",
                   KEY not in objects and "average-20" in objects)
        self.check("the key stands in nothing that was printed",
                   KEY not in up.stdout.read() + up.stderr.read())

    def all(self):
        server = ScriptedModel(KEY)
        proxy = self.start_proxy(server.port)
        for name in self.programs:
            self.agents[name] = (name, server.port)
            if proxy:
                self.agents[f"{name}-litellm"] = (name, proxy.port)
        try:
            self.turns(server)
        finally:
            if proxy:
                proxy.stop()
            server.stop()
        print(f"agents: {self.passed} checks passed, {self.failures} failed")
        return self.failures

    def start_proxy(self, port):
        home = os.path.join(self.environments, "litellm")
        if missing := litellm_proxy.install(home):
            print(f"agents: litellm is left out: {missing}")
            return None
        proxy = litellm_proxy.Proxy(home, self.folder, CONFIGURATION % {"key": KEY, "port": port})
        self.check("litellm: comes up", proxy.is_up())
        return proxy

    def turns(self, server):
        self.make_desk()
        up = subprocess.Popen(
            [self.loopdesk, "up", "--desk", self.desk, "--volatile"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "CANARY_KEY": KEY},
        )
        watcher = threading.Thread(target=self.watch)
        watcher.start()
        try:
            if not self.await_event(lambda text: "desk.up" in text):
                up.kill()
                raise SystemExit(f"agents: the desk is not up: {up.stderr.read()}")
            for name in self.agents:
                self.check_turn(name, server)
            self.check("every request of a program came with the key", not server.faults,
                       server.faults)
            for name in self.programs:
                self.check_error(name, server)
            for name in self.agents:
                home = os.path.join(self.desk, ".loopdesk", "homes", name)
                self.check(f"{name}: nothing is left in its home", os.listdir(home) == [],
                           os.listdir(home))
        finally:
            up.send_signal(signal.SIGTERM)
            try:
                up.wait(timeout=60)
            except subprocess.TimeoutExpired:
                up.kill()
            self.is_over.set()
            watcher.join()
        self.check_secrets(up)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("loopdesk")
    parser.add_argument("--environments", help="a folder to keep the installed packages in")
    words = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="loopdesk-agents-")
    try:
        environments = os.path.abspath(words.environments or os.path.join(folder, "environments"))
        agents = Agents(os.path.abspath(words.loopdesk), environments, folder)
        return 1 if agents.install() and agents.all() else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
