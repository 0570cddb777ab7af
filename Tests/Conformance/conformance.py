#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Runs the language's official cases against a build, and counts them by file.

    git clone https://github.com/google/cel-spec
    Tests/Conformance/conformance.py cel-spec/tests/simple/testdata .build/release/loopdesk

A case is left out if it needs messages, enumerations or host functions, or if it is only about the
types a checker finds. The files of extensions are counted, but not among the core. Names of files,
sections or cases behind the program show their failures in full. The status is 1 below 98 per cent.
"""
import base64
import collections
import datetime
import json
import pathlib
import re
import subprocess
import sys

CORE = (
    "basic comparisons conversions fields fp_math integer_math lists logic macros macros2 namespace "
    "parse plumbing string timestamps type_deduction"
).split()
TOKEN = re.compile(
    rb"\s+|#[^\n]*|(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    rb"|(?P<sign>[{}\[\]:,;<>])|(?P<word>[^\s{}\[\]:,;<>\"'#]+)"
)
ESCAPE = re.compile(
    rb"\\(?:(?P<octal>[0-7]{1,3})|[xX](?P<hex>[0-9a-fA-F]{1,2})|u(?P<short>[0-9a-fA-F]{4})"
    rb"|U(?P<long>[0-9a-fA-F]{8})|(?P<letter>.))",
    re.DOTALL,
)
LETTERS = dict(zip(b"nrtabfv", b"\n\r\t\a\b\f\v"))
MESSAGES = re.compile(
    r"TestAllTypes|GlobalEnum|TestRequired|cel\.expr|proto\.(has|get)Ext|google\.(rpc|type|api)"
    r"|google\.protobuf\.(?!Timestamp\b|Duration\b)|NullValue"
    r"|\b(Any|Struct|Value|ListValue|[A-Za-z0-9]+Value)\s*\{"
)
SPACED = re.compile(r"//[^\n]*\n|\s+")


class Unsupported(Exception):
    """The case needs what the language leaves out."""


def octets(literal):
    """The content of a quoted text."""

    def replace(match):
        kind, digits = match.lastgroup, match[match.lastgroup]
        if kind == "letter":
            return bytes([LETTERS.get(digits[0], digits[0])])
        if kind in ("octal", "hex"):
            return bytes([int(digits, 8 if kind == "octal" else 16) & 255])
        return chr(int(digits, 16)).encode()

    return ESCAPE.sub(replace, literal[1:-1])


def tokens(content):
    place = 0
    while place < len(content):
        match = TOKEN.match(content, place)
        if match["text"] is not None:
            yield octets(match["text"])
        elif match.lastgroup:
            yield match[match.lastgroup].decode()
        place = match.end()


class Reader:
    """Reads a text-format message as a dictionary of lists; texts are bytes, all else is str."""

    def __init__(self, content):
        self.rest = collections.deque(tokens(content))

    def message(self, end=None):
        fields = {}
        while self.rest:
            token = self.rest.popleft()
            if token == end:
                break
            if token in (",", ";"):
                continue
            name = token
            if token == "[":
                name = "".join(iter(self.rest.popleft, "]"))
            if self.rest[0] == ":":
                self.rest.popleft()
            fields.setdefault(name, []).extend(self.values())
        return fields

    def values(self):
        token = self.rest.popleft()
        if token == "[":
            values = []
            while self.rest[0] != "]":
                if self.rest[0] == ",":
                    self.rest.popleft()
                else:
                    values += self.values()
            self.rest.popleft()
            return values
        if token in ("{", "<"):
            return [self.message("}" if token == "{" else ">")]
        while isinstance(token, bytes) and self.rest and isinstance(self.rest[0], bytes):
            token += self.rest.popleft()
        return [token]


def double(text):
    text = text.lower()
    if text.lstrip("-") == "nan":
        return "NaN"
    if text.lstrip("-") in ("inf", "infinity"):
        return "-Infinity" if text.startswith("-") else "Infinity"
    return float(text.removesuffix("f"))


def fraction(nanoseconds):
    return f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""


def time(kind, fields):
    seconds = int(fields.get("seconds", ["0"])[0])
    nanoseconds = int(fields.get("nanos", ["0"])[0])
    if kind == "Timestamp":
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        return {"timestamp": f"{moment.isoformat()}{fraction(nanoseconds)}Z"}
    total = seconds * 10**9 + nanoseconds
    whole, rest = divmod(abs(total), 10**9)
    return {"duration": f"{'-' if total < 0 else ''}{whole}{fraction(rest)}s"}


def tagged(message):
    """A value of the cases as the tagged object of a batch."""
    ((kind, (content, *_)),) = message.items()
    if kind == "null_value":
        return {"null": None}
    if kind == "bool_value":
        return {"bool": content.lower() in ("true", "t", "1")}
    if kind in ("int64_value", "uint64_value"):
        return {kind.removesuffix("64_value"): str(int(content, 0))}
    if kind == "double_value":
        return {"double": double(content)}
    if kind in ("string_value", "type_value"):
        return {kind.removesuffix("_value"): content.decode()}
    if kind == "bytes_value":
        return {"bytes": base64.b64encode(content).decode()}
    if kind == "list_value":
        return {"list": [tagged(value) for value in content.get("values", [])]}
    if kind == "map_value":
        entries = content.get("entries", [])
        return {"map": [[tagged(entry[side][0]) for side in ("key", "value")] for entry in entries]}
    if kind == "object_value":
        ((name, (fields, *_)),) = content.items()
        kind = name.rpartition(".")[2]
        if name.endswith(("google.protobuf.Timestamp", "google.protobuf.Duration")):
            return time(kind, fields)
    raise Unsupported(kind)


def case(test):
    """The line of a batch, and the value that must come; None for an error."""
    expression = test["expr"][0].decode()
    if MESSAGES.search(expression) or MESSAGES.search(SPACED.sub("", expression)):
        raise Unsupported("messages")
    if "check_only" in test or "unknown" in test or any("function" in e for e in test.get("type_env", [])):
        raise Unsupported("a checker or functions of the host")
    line = {"expr": expression, "bindings": {}}
    for entry in test.get("bindings", []):
        if "value" not in entry["value"][0]:
            raise Unsupported("a binding that is no value")
        line["bindings"][entry["key"][0].decode()] = tagged(entry["value"][0]["value"][0])
    if "container" in test:
        line["container"] = test["container"][0].decode()
    if "eval_error" in test or "any_eval_errors" in test:
        return line, None
    if "typed_result" in test:
        if "result" not in test["typed_result"][0]:
            raise Unsupported("a type without a value")
        return line, tagged(test["typed_result"][0]["result"][0])
    return line, tagged(test["value"][0]) if "value" in test else {"bool": True}


def canonical(value):
    """A form in which equal values are equal, and 0.0 is not -0.0."""
    ((kind, content),) = value.items()
    if kind == "list":
        return kind, tuple(map(canonical, content))
    if kind == "map":
        return kind, frozenset((canonical(key), canonical(item)) for key, item in content)
    return kind, repr(float(content)) if kind == "double" else content


def main():
    folder, program, *shown = sys.argv[1:]
    cases, left_out = [], collections.Counter()
    for path in sorted(pathlib.Path(folder).glob("*.textproto")):
        for section in Reader(path.read_bytes()).message().get("section", []):
            for test in section.get("test", []):
                names = path.stem, section["name"][0].decode(), test["name"][0].decode()
                try:
                    cases.append((names, *case(test)))
                except Unsupported:
                    left_out[path.stem] += 1
    lines = "".join(json.dumps(line) + "\n" for _, line, _ in cases)
    result = subprocess.run([program, "eval", "--batch"], input=lines.encode(), stdout=subprocess.PIPE)
    answers = [json.loads(answer) for answer in result.stdout.splitlines()]
    if result.returncode != 0 or len(answers) != len(cases):
        sys.exit(f"{len(answers)} answers to {len(cases)} cases, status {result.returncode}")
    passed, total = collections.Counter(), collections.Counter()
    for (names, line, expected), answer in zip(cases, answers):
        if expected is None:
            is_right = "error" in answer
        else:
            is_right = "value" in answer and canonical(answer["value"]) == canonical(expected)
        total[names[0]] += 1
        passed[names[0]] += is_right
        if not is_right and (names[0] in CORE or set(names) & set(shown)):
            print(f"{'/'.join(names)}: {json.dumps(line)}\n  is {answer}, not {expected or 'an error'}")
    for name in sorted(total | left_out):
        note = "" if name in CORE else "  (no core)"
        print(f"{name:16}{passed[name]:5} of {total[name]:4}, {left_out[name]:3} left out{note}")
    right, count = (sum(counter[name] for name in CORE) for counter in (passed, total))
    print(f"core: {right} of {count}, {100 * right / count:.2f} %")
    sys.exit(right < 0.98 * count)


main()
