#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Asks a model server with an official client and tells what it understood, as JSON.

Usage: model_client.py anthropic|openai streamed|whole PORT KEY
"""

import json
import sys

TOOL = {"type": "object", "properties": {"strategy": {"type": "object"}}}
QUESTION = [{"role": "user", "content": "# Turn 3\n- AAPL: 300 sessions"}]


def messages(way, port, key):
    import anthropic

    client = anthropic.Anthropic(
        api_key=key, base_url=f"http://127.0.0.1:{port}", max_retries=0,
        default_headers={"x-api-key": key},
    )
    tools = [{"name": "backtest", "description": "Tests.", "input_schema": TOOL}]

    def ask(model):
        words = {"model": model, "max_tokens": 100, "messages": QUESTION, "tools": tools}
        if way == "whole":
            return client.messages.create(**words)
        with client.messages.stream(**words) as stream:
            return stream.get_final_message()

    words, call = ask("checker"), ask("maker")
    use = next(block for block in call.content if block.type == "tool_use")
    return {
        "words": words.content[0].text, "call": use.name, "strategy": use.input["strategy"],
        "output": call.usage.output_tokens,
    }


def completions(way, port, key):
    import openai

    client = openai.OpenAI(api_key=key, base_url=f"http://127.0.0.1:{port}/v1", max_retries=0)
    tools = [{"type": "function",
              "function": {"name": "backtest", "description": "Tests.", "parameters": TOOL}}]

    def ask(model):
        words = {"model": model, "messages": QUESTION, "tools": tools}
        if way == "whole":
            reply = client.chat.completions.create(**words)
            message = reply.choices[0].message
            call = message.tool_calls[0].function if message.tool_calls else None
            return (message.content or "", call and call.name, call and call.arguments,
                    reply.usage.completion_tokens)
        text, name, arguments, used = "", None, "", 0
        for chunk in client.chat.completions.create(
            **words, stream=True, stream_options={"include_usage": True}
        ):
            used = chunk.usage.completion_tokens if chunk.usage else used
            for choice in chunk.choices:
                text += choice.delta.content or ""
                for call in choice.delta.tool_calls or []:
                    name = call.function.name or name
                    arguments += call.function.arguments or ""
        return text, name, arguments, used

    words, call = ask("checker"), ask("maker")
    return {
        "words": words[0], "call": call[1], "strategy": json.loads(call[2])["strategy"],
        "output": call[3],
    }


def main():
    family, way, port, key = sys.argv[1:]
    ask = messages if family == "anthropic" else completions
    print(json.dumps(ask(way, int(port), key)))


if __name__ == "__main__":
    main()
