# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A model that follows a script, behind the interfaces that agent programs speak.

It answers `POST …/messages` as Anthropic does and `POST …/responses` as OpenAI does, streamed or
whole, and refuses whoever does not show the key. What it says next depends on nothing but how many
tools have answered it already, so any number of turns can be served.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STRATEGY = {
    "schema": 1, "name": "average-20", "family": "average", "universe": ["IBM"], "side": "long",
    "size": 0.02, "parameters": {"n": 20}, "features": {},
    "enter": "close > sma(close, n)", "exit": "close < sma(close, n)",
}
PROPOSAL = {"schema": 1, "topic": "proposal", "body": {"strategy": STRATEGY}}
MEMORY = "---\nproposed: 1\n---\n\nAverage of 20 days proposed.\n"


class ModelServer:
    """Serves until it is stopped; `heard` holds every request as it came."""

    def __init__(self, key):
        self.key = key
        self.heard = []
        self.faults = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                self.answer(404, {"error": {"message": "nothing here"}})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                model.heard.append((self.path, dict(self.headers.items()), body))
                shown = self.headers.get("x-api-key") or self.headers.get("authorization", "")
                if shown.removeprefix("Bearer ") != model.key:
                    model.faults.append(f"{self.path}: a request without the key")
                    return self.answer(401, {"type": "error", "error": {
                        "type": "authentication_error", "message": "no such key"}})
                request = json.loads(body or b"{}")
                path = self.path.split("?")[0]
                if path.endswith("/count_tokens"):
                    return self.answer(200, {"input_tokens": 10})
                if path.endswith("/messages"):
                    return self.stream(messages_events(request), request)
                if path.endswith("/responses"):
                    return self.stream(responses_events(request), request)
                self.answer(404, {"error": {"message": "nothing here"}})

            def answer(self, status, value):
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def stream(self, events, request):
                if not request.get("stream"):
                    return self.answer(200, whole_message(events))
                data = b"".join(
                    f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
                    for event in events
                )
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def folder(text):
    """The folder and the agent that the prompt names."""
    found = re.search(r"Your folder is (/[^\s\"\\]+?)\.?(?:\\n|\s)", text)
    name = re.search(r"agents/([a-z0-9-]+)/STATE\.md", text)
    return (found.group(1) if found else "."), (name.group(1) if name else "researcher")


# --- Anthropic's messages

def messages_script(request):
    """The block that the model says next, and why it stops."""
    tools = {tool.get("name") for tool in request.get("tools", [])}
    if "Write" not in tools:
        return {"type": "text", "text": "a turn"}, "end_turn"
    place, agent = folder(json.dumps(request["messages"]))
    steps = [
        ("mcp__loopdesk__evaluate", {"expression": "20 + 22"}),
        ("Write", {"file_path": f"{place}/outbox/1-proposal.json",
                   "content": json.dumps(PROPOSAL)}),
        ("Read", {"file_path": f"{place}/agents/{agent}/STATE.md"}),
        ("Write", {"file_path": f"{place}/agents/{agent}/STATE.md", "content": MEMORY}),
    ]
    done = sum(
        block.get("type") == "tool_result"
        for message in request["messages"] if isinstance(message["content"], list)
        for block in message["content"]
    )
    if done < len(steps):
        name, arguments = steps[done]
        return {"type": "tool_use", "id": f"toolu_{done}", "name": name,
                "input": arguments}, "tool_use"
    return {"type": "text", "text": "proposed average-20"}, "end_turn"


def messages_events(request):
    block, reason = messages_script(request)
    start = dict(block)
    if block["type"] == "text":
        start["text"] = ""
        delta = {"type": "text_delta", "text": block["text"]}
    else:
        start["input"] = {}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [],
               "model": request.get("model", "scripted"), "stop_reason": None,
               "stop_sequence": None, "usage": {"input_tokens": 100, "output_tokens": 1}}
    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": start},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None},
         "usage": {"output_tokens": 20}},
        {"type": "message_stop"},
    ]


def whole_message(events):
    """The same answer in one piece."""
    if events[0]["type"] != "message_start":
        return events[-1]["response"]
    message = events[0]["message"]
    block = dict(events[1]["content_block"])
    delta = events[2]["delta"]
    if block["type"] == "text":
        block["text"] = delta["text"]
    else:
        block["input"] = json.loads(delta["partial_json"])
    message["content"] = [block]
    message["stop_reason"] = events[4]["delta"]["stop_reason"]
    message["usage"]["output_tokens"] = 20
    return message


# --- OpenAI's responses

def responses_script(request):
    """The item that the model says next."""
    tools = request.get("tools", [])
    place, agent = folder(json.dumps(request.get("input", [])))
    done = sum(
        item.get("type", "").endswith("_output") for item in request.get("input", [])
        if isinstance(item, dict)
    )
    write = (
        f"cat > {place}/outbox/1-proposal.json <<'END'\n{json.dumps(PROPOSAL)}\nEND\n"
        f"cat > {place}/agents/{agent}/STATE.md <<'END'\n{MEMORY}END\n"
    )
    steps = [step for step in (desk_call(tools), shell_call(tools, write)) if step]
    if done < len(steps):
        return {"id": f"fc_{done}", "call_id": f"call_{done}", "status": "completed",
                **steps[done]}
    return {"type": "message", "role": "assistant", "id": "msg_1", "status": "completed",
            "content": [{"type": "output_text", "text": "proposed average-20",
                         "annotations": []}]}


def desk_call(tools):
    """A call of the desk's own tool, in whichever form the program offers it."""
    arguments = json.dumps({"expression": "20 + 22"})
    for tool in tools:
        if tool.get("type") == "namespace":
            for inner in tool.get("tools", []):
                if inner.get("name") == "evaluate":
                    return {"type": "function_call", "namespace": tool["name"],
                            "name": "evaluate", "arguments": arguments}
        if tool.get("name", "").endswith("evaluate"):
            return {"type": "function_call", "name": tool["name"], "arguments": arguments}
    return None


def shell_call(tools, script):
    names = {tool.get("name") or tool.get("type") for tool in tools}
    if "exec_command" in names:
        return {"type": "function_call", "name": "exec_command",
                "arguments": json.dumps({"cmd": script})}
    if "shell_command" in names:
        return {"type": "function_call", "name": "shell_command",
                "arguments": json.dumps({"command": script})}
    return {"type": "function_call", "name": "shell",
            "arguments": json.dumps({"command": ["sh", "-c", script]})}


def responses_events(request):
    item = responses_script(request)
    response = {"id": "resp_1", "object": "response", "model": request.get("model", "scripted"),
                "status": "in_progress", "output": []}
    usage = {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 40},
             "output_tokens": 20, "output_tokens_details": {"reasoning_tokens": 0},
             "total_tokens": 120}
    done = {**response, "status": "completed", "output": [item], "usage": usage}
    return [
        {"type": "response.created", "sequence_number": 0, "response": response},
        {"type": "response.output_item.added", "sequence_number": 1, "output_index": 0,
         "item": item},
        {"type": "response.output_item.done", "sequence_number": 2, "output_index": 0,
         "item": item},
        {"type": "response.completed", "sequence_number": 3, "response": done},
    ]


if __name__ == "__main__":
    import sys
    server = ModelServer(sys.argv[1])
    print(server.port, flush=True)
    server.thread.join()
