// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The program of every scripted agent: it says something sensible for its role, unless a script
/// of its own beside it defines `before` or `after`.
enum AgentScript {
    static let text = #"""
        import hashlib, json, os, sys, time
        name = os.environ["LOOPDESK_AGENT"]
        scripts = os.path.dirname(os.path.abspath(__file__))
        own = f"agents/{name}"
        context = {}

        def write(path, data):
            data = data.encode() if isinstance(data, str) else data
            with open(path + ".part", "wb") as file:
                file.write(data)
            os.rename(path + ".part", path)

        def say(number, topic, body):
            write(f"outbox/{number}-{topic}.json",
                  json.dumps({"schema": 1, "topic": topic, "body": body}))

        def note(number, text):
            write(f"outbox/{number}-note.md", text)

        def answer(**members):
            print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **members}), flush=True)

        def inbox():
            found = []
            for file in sorted(os.listdir("inbox")):
                with open(f"inbox/{file}") as text:
                    found.append(json.load(text))
            return found

        def remember(turn, mail):
            write(f"{own}/STATE.md", f"---\nturn: {turn}\nread: {json.dumps(mail)}\n---\n")

        def attempts(turn):
            path = f"{scripts}/{name}-{turn}.attempts"
            with open(path, "a") as file:
                file.write(".")
            return os.path.getsize(path)

        def digest(text):
            return hashlib.sha256(text.encode()).hexdigest()

        def proposal(text):
            return {"family": "trend", "strategy_hash": digest(text), "strategy": {"on": text}}

        def work(turn, time, mail):
            role = context["role"]
            number = 0
            if role == "ingestor":
                bar = {"symbol": "MSFT", "open": 1, "high": 2, "low": 1, "close": 2, "volume": turn}
                say(1, "bars", {"time": time, "bars": [bar], "refused": []})
            for signal in mail:
                number += 1
                body, kind = signal["body"], (role, signal["topic"])
                if kind == ("researcher", "bars"):
                    say(number, "proposal", proposal(body["time"]))
                    note(number + 1, f"Because of {signal['id']}.\n")
                if kind == ("backtester", "proposal"):
                    say(number, "report", {"proposal": signal["id"], "metrics": {},
                        "strategy_hash": body["strategy_hash"], "strategy": body["strategy"]})
                if kind == ("verifier", "report"):
                    say(number, "verdict", {"kind": "report", "subject": signal["id"],
                        "strategy_hash": body.get("strategy_hash"), "passed": False, "rules": []})

        def before(turn, attempt): pass
        def after(turn, attempt): pass
        if os.path.exists(f"{scripts}/{name}.py"):
            with open(f"{scripts}/{name}.py") as file:
                exec(file.read())

        for line in sys.stdin:
            request = json.loads(line)
            parameters = request["params"]
            if request["method"] == "agent/start":
                context = parameters
                answer(result={})
                continue
            turn, mail = parameters["turn"], inbox()
            attempt = attempts(turn)
            if before(turn, attempt):
                continue
            work(turn, parameters["time"], mail)
            remember(turn, [signal["id"] for signal in mail])
            if after(turn, attempt):
                continue
            answer(result={"summary": f"turn {turn} of {name} read {len(mail)}"})
        """#
}

/// Programs that stand in for the gateway.
enum GatewayScript {
    /// Answers every request with an empty result.
    static let plain = #"""
        while IFS= read -r line; do
          id=${line#*'"id":'}
          id=${id%%[,\}]*}
          printf '{"jsonrpc":"2.0","id":%s,"result":{"ledger":"empty"}}\n' "$id"
        done
        """#

    /// Takes in clients by descriptor and answers each of their lines with `pong`.
    static let withClients = #"""
        import json, os, socket, sys, threading
        def serve(client):
            with client, client.makefile("rw") as lines:
                for line in lines:
                    lines.write("pong\n")
                    lines.flush()
        def accept():
            passage = socket.socket(fileno=3)
            while True:
                data, descriptors, _, _ = socket.recv_fds(passage, 65536, 1)
                if not data:
                    return
                with open("clients", "a") as file:
                    file.write(data.decode() + "\n")
                client = socket.socket(fileno=descriptors[0])
                threading.Thread(target=serve, args=[client], daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        for line in sys.stdin:
            request = json.loads(line)
            with open("requests", "a") as file:
                file.write(request["method"] + "\n")
            if request["method"] == "verdict/record":
                with open("verdicts", "a") as file:
                    file.write(json.dumps(request["params"]) + "\n")
            if os.path.exists("die"):
                os.remove("die")
                os.kill(os.getpid(), 9)
            reply = {"jsonrpc": "2.0", "id": request["id"], "result": {}}
            print(json.dumps(reply), flush=True)
        """#
}
