#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A model server that follows a script, for trying a desk without a key and without the network.

Usage: scripted_model.py [--port N] [--key KEY]. It listens on 127.0.0.1, prints the port on a line,
and speaks both families: Anthropic's Messages at /v1/messages and Chat Completions at
/v1/chat/completions, streamed and whole. What it answers depends on the request alone, so the same
desk gets the same answers. The name of the model says what it does:

  maker     tests a strategy with a tool, proposes it, and ends with one more proposal
  checker   agrees with every strategy that it is asked about
  doubter   agrees with none
  trader    enters whatever approved strategies enter, with a plan
  prose     answers in prose, whatever it is asked
  flaky     as maker, but each conversation's first request is answered with 529
  silent    takes the request and closes the connection in the middle of its answer
"""

import argparse
import hashlib
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STRATEGIES = [
    ("rise", "close > lag(close, n)", "close < lag(close, n)", [20, 60, 120, 250]),
    ("dip", "rsi(close, 2) < 10.0 && close > sma(close, n)", "close > sma(close, 5)",
     [100, 150, 200]),
    ("calm", "stdev(returns(close), 21) < sma(stdev(returns(close), 21), n)",
     "stdev(returns(close), 21) > sma(stdev(returns(close), 21), n)", [120, 252]),
    ("turn-of-month", "weekdays_left_in_month() == 1", "session_of_month() == n", [3]),
]


def strategy(number, symbols):
    family, enter, leave, lengths = STRATEGIES[number % len(STRATEGIES)]
    length = lengths[number // len(STRATEGIES) % len(lengths)]
    symbol = symbols[number // 3 % len(symbols)]
    return {
        "name": f"{family}-{length}-{symbol.lower()}", "family": family, "universe": [symbol],
        "side": "long", "parameters": [{"name": "n", "value": length}], "features": [],
        "enter": enter, "exit": leave, "size": 0.02, "stop": None, "target": None,
        "hold": 6 if family == "turn-of-month" else 20,
    }


def answer(model, prompt, past):
    """What is said next: ('text', words) or ('tool', name, arguments)."""
    turn = int((re.search(r"# Turn (\d+)", prompt) or [0, 1])[1])
    symbols = re.findall(r"^- (\S+): \d+ sessions", prompt, re.M) or ["AAPL"]
    if model in ("maker", "flaky"):
        if past == 0:
            return ("tool", "backtest", {"strategy": strategy(turn, symbols)})
        if past == 1:
            return ("tool", "propose", {"strategy": strategy(turn, symbols)})
        summary = "Tried what the script says."
        return ("text", json.dumps(
            {"proposals": [strategy(turn + 1, symbols)], "summary": summary}))
    if model in ("checker", "doubter"):
        agrees = model == "checker"
        return ("text", json.dumps({"agrees": agrees, "reason": "The script says so."}))
    if model == "trader":
        return ("text", json.dumps(decisions(prompt)))
    return ("text", "I would buy everything, because it can only rise. {\"signal\": \"buy\"}")


def decisions(prompt):
    found = {}
    for part in re.split(r"^## ", prompt, flags=re.M)[1:]:
        symbol = part.split()[0]
        price = float(re.search(r"current_price: (\S+)", part)[1])
        side = re.search(r"enters (long|short)", part)
        if "position: held" in part or not side:
            found[symbol] = {"signal": "hold"}
            continue
        up = 1 if side[1] == "long" else -1
        found[symbol] = {
            "signal": "buy_to_enter" if up == 1 else "sell_to_enter", "quantity": 10,
            "profit_target": price * (1 + 0.1 * up), "stop_loss": price * (1 - 0.05 * up),
            "invalidation_condition": "the close falls through the stop", "leverage": 1,
            "confidence": 0.6, "risk_usd": price * 0.5, "justification": "The script says so.",
        }
    return found


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    key = None
    seen = set()
    lock = threading.Lock()

    def log_message(self, *words):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        is_messages = self.path.endswith("/messages")
        given = self.headers.get("x-api-key") or self.headers.get("authorization", "")
        if self.key and given.removeprefix("Bearer ") != self.key:
            return self.reply(401, {"error": {"message": "wrong key", "type": "authentication"}})
        try:
            request = json.loads(body)
            model, turns = request["model"], request["messages"]
        except (ValueError, KeyError):
            return self.reply(400, {"error": {"message": "no request", "type": "invalid"}})
        said = [turn for turn in turns if turn["role"] == "assistant"]
        prompt = next(words(turn["content"]) for turn in turns if turn["role"] == "user")
        digest = hashlib.sha256(body).hexdigest()
        if model == "flaky" and not said:
            with self.lock:
                first = digest not in self.seen
                self.seen.add(digest)
            if first:
                return self.reply(529, {"error": {"type": "overloaded_error", "message": "busy"}})
        said_next = answer(model, prompt, len(said))
        usage = (max(1, len(body) // 4), 64)
        send = self.messages if is_messages else self.completions
        send(request, said_next, digest[:12], usage, model == "silent")

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

    def messages(self, request, said, mark, usage, is_cut):
        if said[0] == "tool":
            block = {"type": "tool_use", "id": f"tool_{mark}", "name": said[1], "input": said[2]}
            stop = "tool_use"
        else:
            block, stop = {"type": "text", "text": said[1]}, "end_turn"
        told = {"input_tokens": usage[0], "output_tokens": usage[1]}
        whole = {"id": f"msg_{mark}", "type": "message", "role": "assistant",
                 "model": request["model"], "content": [block], "stop_reason": stop,
                 "stop_sequence": None, "usage": told}
        if not request.get("stream"):
            return self.reply(200, whole)
        if said[0] == "tool":
            empty = {**block, "input": {}}
            pieces = [{"type": "input_json_delta", "partial_json": piece}
                      for piece in cut(json.dumps(said[2]))]
        else:
            empty = {**block, "text": ""}
            pieces = [{"type": "text_delta", "text": piece} for piece in cut(said[1])]
        start = {**whole, "content": [], "stop_reason": None,
                 "usage": {**told, "output_tokens": 1}}
        self.stream(
            [{"type": "message_start", "message": start},
             {"type": "content_block_start", "index": 0, "content_block": empty}]
            + [{"type": "content_block_delta", "index": 0, "delta": piece} for piece in pieces]
            + [{"type": "content_block_stop", "index": 0},
               {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
                "usage": {"output_tokens": usage[1]}},
               {"type": "message_stop"}], is_cut)

    def completions(self, request, said, mark, usage, is_cut):
        told = {"prompt_tokens": usage[0], "completion_tokens": usage[1],
                "total_tokens": sum(usage)}
        finish = "tool_calls" if said[0] == "tool" else "stop"
        base = {"id": f"chatcmpl-{mark}", "created": 0, "model": request["model"]}
        if said[0] == "tool":
            call = {"id": f"call_{mark}", "type": "function",
                    "function": {"name": said[1], "arguments": json.dumps(said[2])}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        else:
            message = {"role": "assistant", "content": said[1]}
        if not request.get("stream"):
            choice = {"index": 0, "message": message, "finish_reason": finish}
            return self.reply(
                200, {**base, "object": "chat.completion", "choices": [choice], "usage": told})

        def chunk(delta, end=None):
            choice = {"index": 0, "delta": delta, "finish_reason": end}
            return {**base, "object": "chat.completion.chunk", "choices": [choice]}

        events = [chunk({"role": "assistant", "content": ""})]
        if said[0] == "tool":
            head = {**call, "index": 0, "function": {"name": said[1], "arguments": ""}}
            events.append(chunk({"tool_calls": [head]}))
            events += [
                chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
                for piece in cut(json.dumps(said[2]))]
        else:
            events += [chunk({"content": piece}) for piece in cut(said[1])]
        events.append(chunk({}, finish))
        if request.get("stream_options", {}).get("include_usage"):
            events.append({**base, "object": "chat.completion.chunk", "choices": [],
                           "usage": told})
        self.stream(events + ["[DONE]"], is_cut)


def words(content):
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content or [])


def cut(text, size=24):
    return [text[place:place + size] for place in range(0, len(text), size)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", help="the only key that is taken; any when none is given")
    options = parser.parse_args()
    Handler.key = options.key
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
