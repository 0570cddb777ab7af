# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""An agent that says many things of about a kilobyte in each of its turns.

    burst_agent.py SIGNALS LOGS
"""

import hashlib
import json
import os
import sys
import time

NAME = os.environ["LOOPDESK_AGENT"]
STATE = f"agents/{NAME}/STATE.md"
COUNT = int(sys.argv[1])
HASH = hashlib.sha256(b"burst").hexdigest()


def write(path, text):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.write(file, text.encode())
    os.close(file)


def main():
    log = open(f"{sys.argv[2]}/{NAME}.log", "w")
    # Random digits, so that a kilobyte does not shrink to nothing.
    padding = hashlib.shake_256(NAME.encode()).hexdigest(420)
    for line in sys.stdin:
        received = time.monotonic_ns()
        request = json.loads(line)
        parameters = request["params"]
        result = {"ready": True}
        if "turn" in parameters:
            turn = parameters["turn"]
            for number in range(1, COUNT + 1):
                body = {"family": "trend", "strategy_hash": HASH,
                        "strategy": {"on": f"{NAME} {turn} {number}", "padding": padding}}
                write(f"outbox/{number}-proposal.json",
                      json.dumps({"schema": 1, "topic": "proposal", "body": body}))
            write(STATE, f"---\nturn: {turn}\n---\n")
            result = {"summary": f"turn {turn}"}
        os.write(1, (json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result})
                     + "\n").encode())
        if "turn" in parameters:
            log.write(f"{received} {time.monotonic_ns()}\n")
            log.flush()


main()
