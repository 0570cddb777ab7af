#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A model server that follows a script, for trying a desk without a key and without the network.

Usage: scripted_model.py [--port N] [--key KEY]. It listens on 127.0.0.1, prints the port on a line,
and speaks three families, streamed and whole: Anthropic's Messages at …/messages, Chat Completions
at …/chat/completions, and OpenAI's Responses at …/responses. What it answers depends on the request
alone, so the same desk gets the same answers. The name of the model says what it does:

  maker     tests a strategy with a tool, proposes it, and ends with one more proposal
  checker   agrees with every strategy that it is asked about
  doubter   agrees with none
  trader    enters whatever approved strategies enter, with a plan
  prose     answers in prose, whatever it is asked
  flaky     as maker, but each conversation's first request is answered with 529
  silent    takes the request and closes the connection in the middle of its answer

Any other name is that of a model in an agent program, such as Claude Code: it proposes one strategy
by writing files with the program's own tools.
"""

import argparse
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import model_families
import model_scripts


class ScriptedModel:
    """Serves until it is stopped; `heard` holds every request as it came, and `faults` tells of
    those that did not show the key."""

    def __init__(self, key=None, port=0):
        self.key = key
        self.heard = []
        self.faults = []
        self.lock = threading.Lock()
        self.seen = set()
        handler = type("Handler", (Handler,), {"model": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def is_first(self, mark):
        with self.lock:
            is_first = mark not in self.seen
            self.seen.add(mark)
        return is_first


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model = None

    def log_message(self, *words):
        pass

    def do_GET(self):
        self.reply(404, error("nothing here", "not_found_error"))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.model.heard.append((self.path, dict(self.headers.items()), body))
        shown = self.headers.get("x-api-key") or self.headers.get("authorization", "")
        if self.model.key and shown.removeprefix("Bearer ") != self.model.key:
            self.model.faults.append(f"{self.path}: a request without the key")
            return self.reply(401, error("no such key", "authentication_error"))
        path = self.path.split("?")[0]
        if path.endswith("/count_tokens"):
            return self.reply(200, {"input_tokens": 10})
        family = next(
            (family for end, family in model_families.BY_PATH.items() if path.endswith(end)), None)
        if not family:
            return self.do_GET()
        try:
            ask = family.read(json.loads(body))
        except (ValueError, KeyError, StopIteration):
            return self.reply(400, error("no request", "invalid_request_error"))
        self.answer(family, ask, body)

    def answer(self, family, ask, body):
        mark = hashlib.sha256(body).hexdigest()[:12]
        if ask.model == "flaky" and not ask.turns and self.model.is_first(mark):
            return self.reply(529, error("busy", "overloaded_error"))
        said = model_scripts.next_words(ask)
        usage = (100, 20) if ask.is_program else (max(1, len(body) // 4), 64)
        if not ask.streams:
            return self.reply(200, family.whole(ask, said, mark, usage))
        self.stream(family.events(ask, said, mark, usage), ask.model == "silent")

    def reply(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, events, is_cut):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        for event in events[:2] if is_cut else events:
            is_named = isinstance(event, dict) and "type" in event
            name = f"event: {event['type']}\n" if is_named else ""
            text = event if isinstance(event, str) else json.dumps(event)
            self.wfile.write(f"{name}data: {text}\n\n".encode())
            self.wfile.flush()


def error(message, kind):
    return {"type": "error", "error": {"type": kind, "message": message}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", help="the only key that is taken; any when none is given")
    options = parser.parse_args()
    model = ScriptedModel(options.key, options.port)
    print(model.port, flush=True)
    try:
        model.thread.join()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
