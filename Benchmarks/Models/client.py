# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""The official clients doing what model-benchmark does: client.py messages|chat PORT ROUNDS"""

import sys
import time

WARM_UP = 20
SYSTEM = "You are one of many.\n\nAnswer in words."
QUESTION = [{"role": "user", "content": "What is new? " * 100}]


def messages(port):
    import anthropic

    client = anthropic.Anthropic(
        api_key="a-key", base_url=f"http://127.0.0.1:{port}", max_retries=0
    )

    def ask():
        with client.messages.stream(
            model="m", max_tokens=4096, system=SYSTEM, messages=QUESTION
        ) as stream:
            return stream.get_final_message().content[0].text

    return ask


def chat(port):
    import openai

    client = openai.OpenAI(
        api_key="a-key", base_url=f"http://127.0.0.1:{port}/v1", max_retries=0
    )

    def ask():
        text = []
        for chunk in client.chat.completions.create(
            model="m", max_completion_tokens=4096, stream=True,
            stream_options={"include_usage": True},
            messages=[{"role": "system", "content": SYSTEM}] + QUESTION,
        ):
            text += [choice.delta.content or "" for choice in chunk.choices]
        return "".join(text)

    return ask


def main():
    family, port, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    ask = (messages if family == "messages" else chat)(port)
    for round in range(-WARM_UP, rounds):
        begun = time.perf_counter_ns()
        text = ask()
        span = time.perf_counter_ns() - begun
        assert text.startswith("piece 0 of") and text.count("piece") == 20
        if round >= 0:
            print(span, flush=True)


if __name__ == "__main__":
    main()
