# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""What the models of `scripted_model.py` say: ('text', words) or ('tool', name, arguments)."""

import json
import re

# The models that a desk asks itself; any other name is that of a model in an agent program.
NAMES = {"maker", "checker", "doubter", "trader", "prose", "flaky", "silent"}

STRATEGIES = [
    ("rise", "close > lag(close, n)", "close < lag(close, n)", [20, 60, 120, 250]),
    ("dip", "rsi(close, 2) < 10.0 && close > sma(close, n)", "close > sma(close, 5)",
     [100, 150, 200]),
    ("calm", "stdev(returns(close), 21) < sma(stdev(returns(close), 21), n)",
     "stdev(returns(close), 21) > sma(stdev(returns(close), 21), n)", [120, 252]),
    ("turn-of-month", "weekdays_left_in_month() == 1", "session_of_month() == n", [3]),
]

# What a model in an agent program writes.
PROPOSAL = {"schema": 1, "topic": "proposal", "body": {"strategy": {
    "schema": 1, "name": "average-20", "family": "average", "universe": ["IBM"], "side": "long",
    "size": 0.02, "parameters": {"n": 20}, "features": {},
    "enter": "close > sma(close, n)", "exit": "close < sma(close, n)",
}}}
MEMORY = "---\nproposed: 1\n---\n\nAverage of 20 days proposed.\n"
END = ("text", "proposed average-20")


def next_words(ask):
    """What is said next."""
    return program_words(ask) if ask.is_program else desk_words(ask)


# --- Models that a desk asks

def desk_words(ask):
    turn = int((re.search(r"# Turn (\d+)", ask.prompt) or [0, 1])[1])
    symbols = re.findall(r"^- (\S+): \d+ sessions", ask.prompt, re.M) or ["AAPL"]
    if ask.model in ("maker", "flaky"):
        if ask.turns < 2:
            name = ["backtest", "propose"][ask.turns]
            return ("tool", name, {"strategy": strategy(turn, symbols)})
        summary = "Tried what the script says."
        return ("text", json.dumps(
            {"proposals": [strategy(turn + 1, symbols)], "summary": summary}))
    if ask.model in ("checker", "doubter"):
        agrees = ask.model == "checker"
        return ("text", json.dumps({"agrees": agrees, "reason": "The script says so."}))
    if ask.model == "trader":
        return ("text", json.dumps(decisions(ask.prompt)))
    return ("text", "I would buy everything, because it can only rise. {\"signal\": \"buy\"}")


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


# --- Models in agent programs

def program_words(ask):
    """How many tools have answered says how far it has come."""
    folder, agent = place(ask.text)
    tools = [name for tool in ask.tools for name in named(tool)]
    proposal, memory = f"{folder}/outbox/1-proposal.json", f"{folder}/agents/{agent}/STATE.md"
    question = {"expression": "20 + 22"}
    if "Write" in tools:
        steps = [
            ("tool", "mcp__loopdesk__evaluate", question),
            ("tool", "Write", {"file_path": proposal, "content": json.dumps(PROPOSAL)}),
            ("tool", "Read", {"file_path": memory}),
            ("tool", "Write", {"file_path": memory, "content": MEMORY}),
        ]
    elif shell := shell_call(tools, f"cat > {proposal} <<'END'\n{json.dumps(PROPOSAL)}\nEND\n"
                                    f"cat > {memory} <<'END'\n{MEMORY}END\n"):
        own = [name for name in tools if name.endswith("evaluate") and "helper" not in name]
        steps = [("tool", name, question) for name in own[:1]] + [shell]
    else:
        # A question of the program's own, such as for a title.
        return ("text", "a turn")
    return steps[ask.results] if ask.results < len(steps) else END


def place(text):
    """The folder and the agent that the prompt names."""
    folder = re.search(r"Your folder is (/[^\s\"\\]+?)\.?(?:\\n|\s)", text)
    agent = re.search(r"agents/([a-z0-9-]+)/STATE\.md", text)
    return (folder[1] if folder else "."), (agent[1] if agent else "researcher")


def named(tool):
    """The name of a tool, or those in a name space, with the space before them."""
    if tool.get("type") == "namespace":
        return [f"{tool['name']}/{inner.get('name')}" for inner in tool.get("tools", [])]
    return [tool.get("name") or tool.get("function", {}).get("name") or tool.get("type") or ""]


def shell_call(tools, script):
    """The call of the program's shell, in whichever form it has one; None without."""
    for name, arguments in [
        ("exec_command", {"cmd": script}), ("shell_command", {"command": script}),
        ("shell", {"command": ["sh", "-c", script]}),
    ]:
        if name in tools:
            return ("tool", name, arguments)
    return None
