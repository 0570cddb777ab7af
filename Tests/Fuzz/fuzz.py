#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Sends made-up expressions through `loopdesk eval --batch` and expects one answer to each.

    Tests/Fuzz/fuzz.py [path of loopdesk] [count] [seed]

The same count and seed give the same lines. A line is one of: an expression out of a corpus with
a few octets changed, an expression made by the grammar, noise in place of an expression, bindings
with octets changed, or noise in place of the line; a few are more work than is allowed. The program
must exit with 0 and answer every line with an object that has either a value or an error.
"""

import json
import random
import subprocess
import sys
import threading

CORPUS = [
    "sharpe > 1.5 && max_drawdown < 0.10 || !has(m.a)",
    "l.filter(t, t.x < 0).size() <= 3 ? 'a' + \"b\\n\" : r'c'",
    "l.map(x, x.n > 0, x.n * 2).exists_one(y, y in [1, 2u, 3.0])",
    "timestamp('2024-02-29T00:00:00Z').getHours('America/New_York') - int('7') % 3",
    "duration('1h30m5s') + duration('-1.5ms') == duration(\"0\")",
    "'abc'.matches('^(a|b+?)*[^c-d]{2,3}\\\\w$') || bytes('é') == b'\\xff'",
    "{'a': 1, 2: [3.5e-3, null]}['a'] == -9223372036854775808",
    "string(1.5) + string(type(1u)) + '''x''' // end",
    "[1, 2].all(i, [3].exists(j, i + j > .i)) == dyn(true)",
    "m.transformMap(k, v, k != 'x', v).`a-b`.transformList(i, v, i + v)",
    "s.contains('b') && s.startsWith(string(i)) && t + p > timestamp(0)",
]
# Work that must stop at the limit of steps; k, z and q are long, and come with these lines only.
HEAVY = [
    "z.all(i, m[k] == i)", "z.all(i, k in m)", "z.all(i, {k: i} != m)", "z.map(i, {k: q}[k])",
    "z.all(i, m == m)", "z.exists(i, timestamp(0).getHours(k) > i)", "z.exists(i, int(k) > i)",
    "z.exists(i, nobody || none)", "z.map(i, z.map(j, [k, i, j]))", "[k].map(x, x + x)[0] + k + q",
    "z.exists(i, q.matches('(a|b|ab)*[\\\\pL-\\\\pN]?' + string(i) + '$'))", "z.filter(i, q != k + q)",
    "m.transformMap(i, j, m.transformMap(x, y, z))", "z.transformMap(i, j, m) == z.transformMap(i, j, m)",
]
LONG = json.dumps({"k": "k" * 9000, "q": "ab" * 4000, "z": list(range(3000)), "m": {"k" * 9000: 1}})
PIECES = list("()[]{}.,:?!&|=<>+-*/%'\"\\0129aeux \n_`é\0")
BINARY = "+ - * / % == != < <= > >= in && ||".split()
FUNCTIONS = "int uint double string bytes bool type dyn size timestamp duration has matches".split()
METHODS = "size contains startsWith endsWith matches getHours getFullYear getSeconds".split()
MACROS = "all exists exists_one filter map".split()
PAIRED = "all exists existsOne transformList transformMap".split()
LEAVES = (
    "0|1|-1|7|9223372036854775807|-9223372036854775808|2u|0u|18446744073709551615u|1.5|-0.0|1e308|"
    "'a'|''|'(a'|\"é\\n\"|b'a'|true|false|null|[]|{}|x|i|a|b|c|l|m|m.a|s|t|p|int|.x|l[0].n|sharpe|"
    "timestamp('2024-02-29T12:00:00.5Z')|duration('-90m')|'2024'|has(m.a)"
).split("|")
BINDINGS = json.dumps(
    {
        "sharpe": 2.0, "max_drawdown": 0.05, "m": {"x": -1, "n": 4, "a": 2.5}, "a": 1.0, "b": 0.0,
        "l": [{"x": -1, "n": 4}, {"x": 2, "n": 0}, 3], "c": True, "i": 1, "s": "abc",
        "t": {"timestamp": "2024-02-29T12:00:00Z"}, "p": {"duration": "3.5s"},
        "y": {"map": [[{"int": "1"}, {"bytes": "YWI="}]]}, "q": {"double": "NaN"},
    }
)


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, choices):
        return choices[int(self.random.random() * len(choices))]

    def below(self, bound):
        return int(self.random.random() * bound)

    def grammar(self, depth):
        if depth == 0:
            return self.one(LEAVES)
        first = self.grammar(depth - 1)
        kind = self.below(9)
        if kind < 2:
            return f"({first} {self.one(BINARY)} {self.grammar(depth - 1)})"
        if kind == 2:
            return f"{self.one(['!', '-', '--', '!!'])}({first})"
        if kind == 3:
            return f"({first} ? {self.grammar(depth - 1)} : {self.grammar(depth - 1)})"
        if kind == 4:
            return f"{self.one(FUNCTIONS)}({first})"
        if kind == 5:
            return f"[{first}, {self.grammar(depth - 1)}]{self.one(['', '[0]', '[1u]'])}"
        if kind == 6:
            return "{" + f"{first}: {self.grammar(depth - 1)}" + "}" + self.one(["", ".a", "['a']"])
        if kind == 7:
            return f"({first}).{self.one(METHODS)}({self.one(['', self.one(LEAVES)])})"
        body = self.grammar(depth - 1)
        if self.below(2):
            return f"({first}).{self.one(MACROS)}(x, {body})"
        return f"l.{self.one(PAIRED)}(i, x, {body})"

    def mutated(self, text, pieces):
        letters = list(text)
        for _ in range(self.below(4)):
            place = self.below(len(letters)) if letters else 0
            kind = self.below(4)
            if kind == 0 and letters:
                letters[place] = self.one(pieces)
            elif kind == 1:
                letters.insert(place, self.one(pieces))
            elif kind == 2 and letters:
                del letters[place]
            else:
                letters[place:place] = letters[place : place + 1 + self.below(12)]
        return "".join(letters)

    def noise(self, length):
        return bytes(self.below(256) for _ in range(self.below(length)))

    def line(self):
        kind = self.below(20)
        if kind == 0:
            return self.noise(60).replace(b"\n", b" ")
        if kind == 1:
            expression = self.noise(40).decode("latin-1")
        elif kind < 8:
            expression = self.grammar(1 + self.below(5))
        elif kind < 9:
            nesting = self.one(["(", "[", "{1:", "-", "!", "int(", "[1].map(x,", "x.", "a?", "1+"])
            expression = nesting * self.below(3000)
        else:
            expression = self.mutated(self.one(CORPUS), PIECES)
        bindings = BINDINGS
        if self.below(20_000) == 0:
            expression, bindings = self.mutated(self.one(HEAVY), PIECES), LONG
        if kind > 17:
            bindings = self.mutated(bindings, list('{}[],:"\\0159etuU- ')).replace("\n", " ")
        text = '{"expr": ' + json.dumps(expression, ensure_ascii=kind % 2 == 0)
        return (text + ', "bindings": ' + bindings + "}").encode("utf-8", "surrogatepass")


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ".build/release/loopdesk"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    process = subprocess.Popen(
        [program, "eval", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def send():
        maker = Maker(seed)
        try:
            for _ in range(count):
                process.stdin.write(maker.line() + b"\n")
            process.stdin.close()
        except BrokenPipeError:
            pass

    sender = threading.Thread(target=send)
    sender.start()
    values = errors = 0
    for number, answer in enumerate(process.stdout, 1):
        keys = list(json.loads(answer))
        if keys == ["value"]:
            values += 1
        elif keys == ["error"]:
            errors += 1
        else:
            sys.exit(f"seed {seed}, line {number}: the answer is {answer!r}")
    sender.join()
    status = process.wait()
    print(f"seed {seed}: {values} values, {errors} errors, exit status {status}")
    if status != 0 or values + errors != count:
        sys.exit(f"seed {seed}: {values + errors} answers to {count} lines, status {status}")


main()
