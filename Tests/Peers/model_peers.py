#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Lets Loopdesk ask models behind other people's servers, and other people's clients ask its
scripted server, in both families, streamed and whole.

Usage: model_peers.py LOOPDESK [--environments FOLDER]. Needs PyPI; without it everything is left
out and said so, and the status is 0. Each check prints one line; the status is 1 when one fails.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import litellm_proxy
from peers import CALL_SECONDS

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = "sk-local-0123456789abcdef"
CONFIGURATION = """
model_list:
  - model_name: words
    litellm_params: {model: openai/x, api_key: sk-unused, mock_response: "WORDS-OK"}
  - model_name: wants-tool
    litellm_params:
      model: openai/x
      api_key: sk-unused
      mock_response: ""
      mock_tool_calls:
        [{id: call_1, type: function, function: {name: get_clock, arguments: "{}"}}]
  - model_name: limited
    litellm_params: {model: openai/x, api_key: sk-unused, mock_response: "litellm.RateLimitError"}
  - model_name: broken
    litellm_params:
      {model: openai/x, api_key: sk-unused, mock_response: "litellm.InternalServerError"}
  - model_name: too-long
    litellm_params:
      model: openai/x
      api_key: sk-unused
      mock_response: "litellm.ContextWindowExceededError"
  - model_name: bridge
    litellm_params:
      {model: hosted_vllm/words, api_key: %(key)s, api_base: "http://127.0.0.1:PROXY_PORT/v1"}
  - model_name: bridge-tool
    litellm_params:
      {model: hosted_vllm/wants-tool, api_key: %(key)s, api_base: "http://127.0.0.1:PROXY_PORT/v1"}
  - model_name: bridge-script
    litellm_params:
      {model: hosted_vllm/doubter, api_key: %(key)s, api_base: "http://127.0.0.1:%(script)d/v1"}
general_settings: {master_key: %(key)s}
router_settings: {num_retries: 0, disable_cooldowns: true}
"""


class ModelPeers:
    def __init__(self, loopdesk, home, folder):
        self.loopdesk = loopdesk
        self.home = home
        self.folder = folder
        self.desk = os.path.join(folder, "desk")
        self.failures = 0
        self.passed = 0

    def check(self, title, holds, detail=""):
        print(f"{'ok  ' if holds else 'FAIL'} {title}{'' if holds else ': ' + str(detail)[:2000]}")
        self.passed += bool(holds)
        self.failures += not holds

    # Our client against somebody's server

    def make_desk(self, models):
        subprocess.run(
            [self.loopdesk, "init", self.desk], check=True, timeout=CALL_SECONDS,
            stdout=subprocess.DEVNULL,
        )
        with open(os.path.join(self.desk, "orchestrator.yml"), "a") as file:
            file.write("\nmodels:\n")
            for name, entry in models.items():
                file.write(f"  {name}: {json.dumps(entry)}\n")

    def ask(self, name):
        result = subprocess.run(
            [self.loopdesk, "models", "ask", name, "What is the word?", "--desk", self.desk]
            + ["--json"],
            capture_output=True, text=True, timeout=CALL_SECONDS,
            env={**os.environ, "PEER_KEY": KEY},
        )
        try:
            return json.loads(result.stdout), result
        except ValueError:
            return {}, result

    def check_answer(self, name, words, usage=True):
        told, result = self.ask(name)
        text = "".join(part.get("text", "") for part in told.get("parts", []))
        detail = told or result.stderr
        self.check(f"{name}: answers", words in text, detail)
        if usage:
            used = told.get("usage") or {}
            self.check(f"{name}: says what it used", used.get("output", 0) > 0, detail)

    def check_tool(self, name):
        told, result = self.ask(name)
        uses = [part for part in told.get("parts", []) if "tool_use" in part]
        good = len(uses) == 1 and uses[0]["name"] == "get_clock" and uses[0]["input"] == {}
        self.check(
            f"{name}: wants a tool", good and told["stop"] == "tool_use", told or result.stderr
        )

    def check_failure(self, name, words):
        _, result = self.ask(name)
        self.check(
            f"{name}: fails as it should", result.returncode != 0 and words in result.stderr,
            result.stdout + result.stderr,
        )
        self.check(f"{name}: keeps the key", KEY not in result.stdout + result.stderr)

    # Somebody's client against our scripted server

    def check_client(self, family, way, port):
        result = subprocess.run(
            [os.path.join(self.home, "bin", "python"), os.path.join(HERE, "model_client.py"),
             family, way, str(port), KEY],
            capture_output=True, text=True, timeout=CALL_SECONDS,
        )
        told = json.loads(result.stdout) if result.returncode == 0 else {}
        detail = told or result.stderr
        title = f"{family} client, {way}"
        self.check(f"{title}: reads the words", '"agrees": true' in told.get("words", ""), detail)
        self.check(f"{title}: reads a call", told.get("call") == "backtest", detail)
        self.check(f"{title}: reads its arguments", "enter" in told.get("strategy", {}), detail)
        self.check(f"{title}: reads what was used", told.get("output") == 64, detail)

    def all(self):
        script = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "scripted_model.py"), "--key", KEY],
            stdout=subprocess.PIPE, text=True,
        )
        script_port = int(script.stdout.readline())
        proxy = litellm_proxy.Proxy(
            self.home, self.folder, CONFIGURATION % {"key": KEY, "script": script_port}
        )
        try:
            for family in ["anthropic", "openai"]:
                for way in ["streamed", "whole"]:
                    self.check_client(family, way, script_port)
            self.check("litellm: comes up", proxy.is_up())
            self.servers(proxy.port)
        finally:
            proxy.stop()
            script.terminate()
            script.wait()

    def servers(self, port):
        def entry(family, model, **more):
            return {
                "family": family, "url": f"http://127.0.0.1:{port}", "model": model,
                "secret": "env:PEER_KEY", "attempts": 1, "timeout": "30s", **more,
            }

        whole = {"leave_out": ["stream"]}
        # The proxy's mocks lose calls of tools when they stream, so these are asked for whole.
        self.make_desk({
            "chat-streamed": entry("openai", "words"),
            "chat-whole": entry("openai", "words", **whole),
            "chat-tool": entry("openai", "wants-tool", **whole),
            "chat-script": entry("openai", "bridge-script"),
            "chat-limited": entry("openai", "limited"),
            "chat-broken": entry("openai", "broken"),
            "chat-too-long": entry("openai", "too-long"),
            "messages-streamed": entry("anthropic", "bridge"),
            "messages-whole": entry("anthropic", "bridge", **whole),
            "messages-tool": entry("anthropic", "bridge-tool", **whole),
            "messages-script": entry("anthropic", "bridge-script"),
            "messages-unknown": entry("anthropic", "nobody"),
        })
        for name in ["chat-streamed", "chat-whole", "messages-streamed", "messages-whole"]:
            self.check_answer(name, "WORDS-OK")
        for name in ["chat-script", "messages-script"]:
            self.check_answer(name, '"agrees": false')
        for name in ["chat-tool", "messages-tool"]:
            self.check_tool(name)
        self.check_failure("chat-limited", "status 429")
        self.check_failure("chat-broken", "status 500")
        self.check_failure("chat-too-long", "status 400")
        self.check_failure("messages-unknown", "status 400")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("loopdesk")
    parser.add_argument("--environments")
    words = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="loopdesk-models-")
    home = os.path.join(os.path.abspath(words.environments or folder), "litellm")
    try:
        peers = ModelPeers(os.path.abspath(words.loopdesk), home, folder)
        if missing := litellm_proxy.install(home):
            print(f"model peers: left out: {missing}")
            return 0
        peers.all()
        print(f"model peers: {peers.passed} hold, {peers.failures} do not")
        return 1 if peers.failures else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
