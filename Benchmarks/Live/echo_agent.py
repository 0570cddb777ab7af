# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""An agent that answers each signal with the next one of a circle and notes when it did.

proposal -> report -> proposal: two agents of two roles keep a signal going around.
Each line of the log is `received sent` in nanoseconds of the monotonic clock.
"""

import hashlib
import json
import os
import sys
import time

NAME = os.environ["LOOPDESK_AGENT"]
STATE = f"agents/{NAME}/STATE.md"
NEXT = {"researcher": "proposal", "backtester": "report"}
STRATEGY = {"on": "echo"}
HASH = hashlib.sha256(b"echo").hexdigest()


def write(path, text):
    with open(path, "wb", buffering=0) as file:
        file.write(text.encode())


def body(role, turn, subject):
    if role == "researcher":
        return {"family": "trend", "strategy_hash": HASH, "strategy": STRATEGY}
    return {"proposal": subject, "metrics": {}, "strategy_hash": HASH, "strategy": STRATEGY}


def main():
    role, limit, log = None, int(sys.argv[1]), open(f"{sys.argv[2]}/{NAME}.log", "w")
    for line in sys.stdin:
        received = time.monotonic_ns()
        request = json.loads(line)
        parameters = request["params"]
        if request["method"] == "agent/start":
            role = parameters["role"]
            result = {"ready": True}
        else:
            turn = parameters["turn"]
            mail = [name for name in os.listdir("inbox") if name.endswith(".json")]
            subject = "start"
            if mail:
                with open(f"inbox/{mail[0]}") as file:
                    subject = json.load(file)["id"]
            if turn <= limit:
                topic = NEXT[role]
                draft = {"schema": 1, "topic": topic, "body": body(role, turn, subject)}
                write(f"outbox/1-{topic}.json.part", json.dumps(draft))
                os.rename(f"outbox/1-{topic}.json.part", f"outbox/1-{topic}.json")
            write(STATE, f"---\nturn: {turn}\n---\n")
            result = {"summary": f"turn {turn}"}
        reply = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}) + "\n"
        sent = time.monotonic_ns()
        os.write(1, reply.encode())
        if "turn" in parameters:
            log.write(f"{received} {sent}\n")
            log.flush()


main()
