#!/usr/bin/env python3
"""Runs commands on inputs that are made to hurt, and prints what each took.

usage: run.py FOLDER_OF_PROGRAMS [PART_OF_A_NAME]

Each case says how the command must end: with exit code 0, or with 1 and a diagnostic of an id. No
case may be killed, by a signal or for taking more than SECONDS or MEGABYTES."""
import json
import os
import subprocess
import sys
import tempfile
import time

SECONDS, MEGABYTES = 120, 6000
PERMIT = "permit(principal, action, resource)"
REQUEST = ["-l", 'User::"u"', "-a", 'Action::"a"', "-r", 'Doc::"d"']


def when(condition):
    return f"{PERMIT} when {{ {condition} }};"


def entity(kind, name, parents=(), attrs=None):
    parents = [{"type": kind, "id": str(p)} for p in parents]
    return {"uid": {"type": kind, "id": str(name)}, "attrs": attrs or {}, "parents": parents}


class Cases:
    """Makes the input of each case only when it is run: together they are large."""

    def __init__(self, folder):
        self.folder, self.list = folder, []

    def path(self, name):
        return os.path.join(self.folder, name)

    def add(self, name, expected, files, *command):
        self.list.append((name, expected, files, command))

    def parse(self, name, expected, text):
        self.add(name, expected, {"p.cedar": text}, "check-parse", "-p", "p.cedar")

    def decide(self, name, expected, condition, **files):
        files["p.cedar"] = lambda: when(condition() if callable(condition) else condition)
        command = ["authorize", "-p", "p.cedar", *REQUEST]
        if "entities" in files:
            files["e.json"] = files.pop("entities")
            command += ["--entities", "e.json"]
        if "context" in files:
            files["c.json"] = files.pop("context")
            command += ["-c", "c.json"]
        self.add(name, expected, files, *command)

    def entities(self, name, expected, data):
        self.add(name, expected, {"e.json": data}, "check-parse", "--entities", "e.json")


def policy_cases(cases):
    cases.parse("100 MB of policies", 0,
                lambda: (when("context.a == 1 && resource.b like \"x*\"") + "\n") * 1_500_000)
    cases.parse("100 MB in one comment", 0, lambda: "//" + "x" * 100_000_000 + "\n" + PERMIT + ";")
    cases.parse("100 MB in one string", 0, lambda: when('context.a == "' + "x" * 100_000_000 + '"'))
    cases.add("a file without end", "(source_bytes)", {}, "check-parse", "-p", "/dev/zero")
    cases.add("a request of 300 MB on one line", "(source_bytes)",
              {"p.cedar": PERMIT + ";", "r.jsonl": lambda: " " * 300_000_000},
              "authorize", "-p", "p.cedar", "--requests", "r.jsonl")
    cases.parse("300 MB", "source_bytes", lambda: " " * 300_000_000)
    cases.parse("100 MB of opening braces", "(tokens)", lambda: "{" * 100_000_000)
    cases.parse("an identifier of 10 MB", 0, lambda: when("context." + "a" * 10_000_000 + " == 1"))
    cases.parse("invalid UTF-8", "invalid-utf8", b"permit(principal, action, resource) // \xff\xfe")
    cases.parse("NUL outside of strings", "unexpected-character", PERMIT + "\0;")
    for name, text in {"string": '"abc', "escape": '"\\', "unicode escape": '"\\u{1F600', "list": "[1, 2",
                       "record": "{a: 1", "call": "ip(", "index": 'context["a"', "parenthesis": "(1"}.items():
        cases.parse(f"an unterminated {name}", "un", f"{PERMIT} when {{ {text}")
    cases.parse("an unterminated condition", "unexpected-token", PERMIT + " when {")
    cases.parse("a number of a million digits", "integer-too-large", lambda: when("context.a == " + "9" * 1_000_000))
    for name, chain in {"&&": " && ", "||": " || "}.items():
        cases.decide(f"60,000 times {name}", 0, lambda chain=chain: chain.join(["1 == 1"] * 60_000))
    cases.decide("60,000 elements of a list", 0,
                 lambda: "[" + ", ".join(map(str, range(60_000))) + "].contains(59999)")
    cases.decide("60,000 members of a record", 0,
                 lambda: "{" + ", ".join(f"a{i}: {i}" for i in range(60_000)) + "}.a59999 == 59999")
    cases.add("60,000 conditions", 0, {"p.cedar": lambda: PERMIT + " when { 1 == 1 }" * 60_000 + ";"},
              "authorize", "-p", "p.cedar", *REQUEST)
    cases.parse("a string of 200 MB", "(string_bytes)", lambda: when('context.a == "' + "x" * 200_000_000 + '"'))
    for name, text in {"parentheses": ("(" * 100_000, ")" * 100_000), "lists": ("[" * 100_000, "]" * 100_000),
                       "records": ("{a: " * 100_000, "}" * 100_000), "!": ("!" * 100_000, ""),
                       "unary -": ("- " * 100_000, ""), "if": ("if true then true else " * 100_000, "")}.items():
        cases.parse(f"100,000 nested {name}", "too-deep", lambda text=text: when(text[0] + "1" + text[1]))
    for name, step in {".": ".a", "[]": '["a"]', "+": " + 1", "-": " - 1", "*": " * 1"}.items():
        cases.parse(f"a chain of 100,000 {name}", "too-deep", lambda step=step: when("context.a" + step * 100_000))
    cases.decide("like with 200 stars on a long text", 2,
                 lambda: 'context.text like "' + "*a" * 200 + '*b"',
                 context=lambda: json.dumps({"text": "a" * 1_000_000}))


def json_cases(cases):
    cases.entities("JSON a million deep", "too-deep", lambda: "[" * 1_000_000 + "]" * 1_000_000)
    cases.entities("100 MB of JSON in one string", 0,
                   lambda: json.dumps([entity("U", "u", attrs={"a": "x" * 100_000_000})]))
    cases.entities("a set of ten million elements", 0,
                   lambda: json.dumps([entity("U", "u", attrs={"a": list(range(10_000_000))})]))
    cases.entities("a set of a hundred million elements", "(json_values)",
                   lambda: '[{"uid":{"type":"U","id":"u"},"attrs":{"a":[' + "0," * 100_000_000 + '0]},"parents":[]}]')
    cases.entities("an entity of two million attributes", "(attributes)",
                   lambda: json.dumps([entity("U", "u", attrs={f"a{i}": 0 for i in range(2_000_000)})]))
    cases.entities("three million parents", "(parents)", lambda: json.dumps([entity("U", "u", range(3_000_000))]))
    cases.entities("a number of a million digits in JSON", "invalid-json",
                   lambda: '[{"uid":{"type":"U","id":"u"},"attrs":{"a":' + "9" * 1_000_000 + '},"parents":[]}]')
    cases.entities("an array that does not end", "invalid-json", "[1, 2")
    cases.entities("a chain of 100,000 parents", "(ancestors)",
                   lambda: json.dumps([entity("U", i, [i + 1]) for i in range(100_000)]))
    cases.entities("a million parents", 0, lambda: json.dumps([entity("U", "u", range(1_000_000))]))
    cases.entities("a cycle of 100,000 parents", "hierarchy-cycle",
                   lambda: json.dumps([entity("U", i, [(i + 1) % 100_000]) for i in range(100_000)]))
    cases.entities("a million entities", 0, lambda: json.dumps([entity("U", i) for i in range(1_000_000)]))


def other_cases(cases):
    def test_file(name, expected, file, text):
        cases.add(name, expected, {"p.cedar": PERMIT + ";", file: text}, "test", "-p", "p.cedar", file)

    test_file("YAML a million deep", "too-deep", "t.yaml", lambda: "[" * 1_000_000)
    test_file("YAML a million deep in blocks", "too-deep", "t.yaml", lambda: "- " * 1_000_000)
    test_file("YAML of a billion laughs", "invalid-yaml", "t.yaml",
              lambda: "a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(50)))
    test_file("YAML of 10 MB in one key", "unknown-member", "t.yaml", lambda: "? " + "k" * 10_000_000 + "\n: 1\n")
    test_file("YAML of a hundred thousand tests", 0, "t.yaml", lambda: "tests:\n" + (
        "- {principal: 'U::\"u\"', action: 'A::\"a\"', resource: 'D::\"d\"', expect: allow}\n" * 100_000))
    test_file("a table of a million million tests", "more than 1000000 tests", "t.yaml", lambda: (
        "tests: [{" + "".join(f"{key}: [" + "'U::\"u\"', " * 10_000 + "], "
                              for key in ("principal", "action", "resource")) + "expect: allow}]"))
    cases.add("an image of noise", "image", {"i.assay": lambda: b"\x89ASSAY\r\n" + os.urandom(10_000_000)},
              "authorize", "-p", "i.assay", *REQUEST)


def write_files(cases, files):
    """In a process of its own: a program begins with the peak memory of the one that starts it."""
    child = os.fork()
    if child == 0:
        for file, content in files.items():
            content = content() if callable(content) else content
            with open(cases.path(file), "wb") as out:
                out.write(content if isinstance(content, bytes) else content.encode())
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError("an input could not be written")


def run(cases, programs, case):
    name, expected, files, command = case
    write_files(cases, files)
    start = time.monotonic()
    log = open(cases.path("log"), "w+b")
    child = subprocess.Popen([os.path.join(programs, "policyc"), *command], cwd=cases.folder,
                             stdout=log, stderr=subprocess.STDOUT)
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid != 0:
            break
        if time.monotonic() - start > SECONDS:
            child.kill()
        time.sleep(0.002)
    seconds, megabytes = time.monotonic() - start, usage.ru_maxrss / 1024
    log.seek(0)
    output = log.read(50_000_000).decode(errors="replace")
    for file in files:
        os.remove(cases.path(file))
    code = os.waitstatus_to_exitcode(status)
    problem = ""
    if isinstance(expected, int):
        if code != expected:
            problem = f"exit code {code}, not {expected}"
    elif code != 1 or expected not in output:
        problem = f"exit code {code}, and no {expected}"
    if code != 0 and len(output) > 100_000:
        problem = problem or f"{len(output)} bytes of output"
    if megabytes > MEGABYTES:
        problem = problem or "too much memory"
    print(f"| {name} | {seconds:.2f} s | {megabytes:.0f} MB | {problem or 'ok'} |", flush=True)
    if problem:
        print(output[:2000])
    return not problem


def main():
    programs = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        cases = Cases(folder)
        policy_cases(cases)
        json_cases(cases)
        other_cases(cases)
        chosen = [c for c in cases.list if len(sys.argv) < 3 or sys.argv[2] in c[0]]
        print("| input | time | peak memory | |\n|---|---|---|---|")
        failed = [case[0] for case in chosen if not run(cases, programs, case)]
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
