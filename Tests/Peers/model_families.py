# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""How three families of model servers read requests and write answers, for `scripted_model.py`.

A family reads a request into an `Ask`, and writes what is said next whole or as the events of a
stream. What is said is ('text', words) or ('tool', name, arguments).
"""

import json
from dataclasses import dataclass, field

import model_scripts


@dataclass
class Ask:
    """What of a request decides its answer."""

    model: str
    streams: bool
    # What the user said first.
    prompt: str
    # All that was said, as JSON.
    text: str
    # How often the model has spoken, and how many tools have answered it.
    turns: int
    results: int
    tools: list = field(default_factory=list)
    # Whether a stream ends with what was used.
    tells_usage: bool = True

    @property
    def is_program(self):
        return self.model not in model_scripts.NAMES


def words(content):
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content or [])


def cut(text, size=24):
    return [text[place:place + size] for place in range(0, len(text), size)]


class Messages:
    """Anthropic's Messages."""

    @staticmethod
    def read(request):
        said = request["messages"]
        return Ask(
            model=request["model"], streams=bool(request.get("stream")),
            prompt=next(words(turn["content"]) for turn in said if turn["role"] == "user"),
            text=json.dumps(said), turns=sum(turn["role"] == "assistant" for turn in said),
            results=sum(
                block.get("type") == "tool_result"
                for turn in said if isinstance(turn["content"], list)
                for block in turn["content"]),
            tools=request.get("tools", []),
        )

    @staticmethod
    def whole(ask, said, mark, usage):
        if said[0] == "tool":
            block = {"type": "tool_use", "id": f"toolu_{mark}", "name": said[1], "input": said[2]}
        else:
            block = {"type": "text", "text": said[1]}
        return {
            "id": f"msg_{mark}", "type": "message", "role": "assistant", "model": ask.model,
            "content": [block],
            "stop_reason": "tool_use" if said[0] == "tool" else "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": usage[0], "output_tokens": usage[1]},
        }

    @classmethod
    def events(cls, ask, said, mark, usage):
        whole = cls.whole(ask, said, mark, usage)
        if said[0] == "tool":
            empty = {**whole["content"][0], "input": {}}
            pieces = [{"type": "input_json_delta", "partial_json": piece}
                      for piece in cut(json.dumps(said[2]))]
        else:
            empty = {"type": "text", "text": ""}
            pieces = [{"type": "text_delta", "text": piece} for piece in cut(said[1])]
        start = {**whole, "content": [], "stop_reason": None,
                 "usage": {**whole["usage"], "output_tokens": 1}}
        end = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
        return (
            [{"type": "message_start", "message": start},
             {"type": "content_block_start", "index": 0, "content_block": empty}]
            + [{"type": "content_block_delta", "index": 0, "delta": piece} for piece in pieces]
            + [{"type": "content_block_stop", "index": 0},
               {"type": "message_delta", "delta": end, "usage": {"output_tokens": usage[1]}},
               {"type": "message_stop"}]
        )


class Completions:
    """Chat Completions, as OpenAI and many others have it."""

    @staticmethod
    def read(request):
        said = request["messages"]
        return Ask(
            model=request["model"], streams=bool(request.get("stream")),
            prompt=next(words(turn["content"]) for turn in said if turn["role"] == "user"),
            text=json.dumps(said), turns=sum(turn["role"] == "assistant" for turn in said),
            results=sum(turn["role"] == "tool" for turn in said), tools=request.get("tools", []),
            tells_usage=bool((request.get("stream_options") or {}).get("include_usage")),
        )

    @staticmethod
    def base(ask, mark, kind):
        return {"id": f"chatcmpl-{mark}", "created": 0, "model": ask.model, "object": kind}

    @staticmethod
    def told(usage):
        return {"prompt_tokens": usage[0], "completion_tokens": usage[1],
                "total_tokens": sum(usage)}

    @staticmethod
    def call(said, mark, arguments):
        return {"id": f"call_{mark}", "type": "function",
                "function": {"name": said[1], "arguments": arguments}}

    @classmethod
    def whole(cls, ask, said, mark, usage):
        if said[0] == "tool":
            message = {"role": "assistant", "content": None,
                       "tool_calls": [cls.call(said, mark, json.dumps(said[2]))]}
        else:
            message = {"role": "assistant", "content": said[1]}
        finish = "tool_calls" if said[0] == "tool" else "stop"
        choice = {"index": 0, "message": message, "finish_reason": finish}
        return {**cls.base(ask, mark, "chat.completion"), "choices": [choice],
                "usage": cls.told(usage)}

    @classmethod
    def events(cls, ask, said, mark, usage):
        base = cls.base(ask, mark, "chat.completion.chunk")

        def chunk(delta, end=None):
            return {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}

        events = [chunk({"role": "assistant", "content": ""})]
        if said[0] == "tool":
            events.append(chunk({"tool_calls": [{**cls.call(said, mark, ""), "index": 0}]}))
            events += [
                chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
                for piece in cut(json.dumps(said[2]))]
        else:
            events += [chunk({"content": piece}) for piece in cut(said[1])]
        events.append(chunk({}, "tool_calls" if said[0] == "tool" else "stop"))
        if ask.tells_usage:
            events.append({**base, "choices": [], "usage": cls.told(usage)})
        return events + ["[DONE]"]


class Responses:
    """OpenAI's Responses."""

    @staticmethod
    def read(request):
        said = request["input"]
        items = [item for item in said if isinstance(item, dict)]
        return Ask(
            model=request["model"], streams=bool(request.get("stream")), prompt=json.dumps(said),
            text=json.dumps(said), turns=sum(item.get("role") == "assistant" for item in items),
            results=sum(item.get("type", "").endswith("_output") for item in items),
            tools=request.get("tools", []),
        )

    @staticmethod
    def whole(ask, said, mark, usage):
        if said[0] == "tool":
            # A name may stand in a name space of the program's.
            space, _, name = said[1].rpartition("/")
            item = {"type": "function_call", "id": f"fc_{mark}", "call_id": f"call_{mark}",
                    "status": "completed", "name": name, "arguments": json.dumps(said[2])}
            item.update({"namespace": space} if space else {})
        else:
            item = {"type": "message", "role": "assistant", "id": f"msg_{mark}",
                    "status": "completed", "content": [
                        {"type": "output_text", "text": said[1], "annotations": []}]}
        told = {"input_tokens": usage[0], "input_tokens_details": {"cached_tokens": 40},
                "output_tokens": usage[1], "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": sum(usage)}
        return {"id": f"resp_{mark}", "object": "response", "model": ask.model,
                "status": "completed", "output": [item], "usage": told}

    @classmethod
    def events(cls, ask, said, mark, usage):
        whole = cls.whole(ask, said, mark, usage)
        start = {name: value for name, value in whole.items() if name != "usage"}
        start.update({"status": "in_progress", "output": []})
        item = {"output_index": 0, "item": whole["output"][0]}
        return [
            {"type": "response.created", "sequence_number": 0, "response": start},
            {"type": "response.output_item.added", "sequence_number": 1, **item},
            {"type": "response.output_item.done", "sequence_number": 2, **item},
            {"type": "response.completed", "sequence_number": 3, "response": whole},
        ]


BY_PATH = {
    "/messages": Messages, "/chat/completions": Completions, "/responses": Responses,
}
