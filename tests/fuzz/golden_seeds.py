#!/usr/bin/env python3
"""Writes seeds `seed_*` of the fuzz targets of the engine and the compiler: the inputs of golden tests
of their kind, programs of every opcode, and edits of every sort.

usage: golden_seeds.py [FOLDER]          (tests/fuzz/corpus)

What is there under these names is replaced; the outcome is always the same."""
import hashlib
import pathlib
import re
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "corpus")


def write(target, texts):
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("seed_*"):
        old.unlink()
    for text in texts:
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        (folder / f"seed_{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)


def golden(*stages):
    """The inputs of the golden tests of some stages."""
    for path in sorted((ROOT / "tests/golden").glob("*/*.test")):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        head, rest = text.split("\n", 1)
        if head.removeprefix("# stage: ") in stages:
            yield rest.split("---- output\n")[0]


def here_documents():
    """The files of tests that scripts of golden tests write."""
    for path in sorted((ROOT / "tests/golden/cli").glob("*.test")):
        text = path.read_text(errors="surrogateescape").split("---- output\n")[0]
        for name, end, body in re.findall(r"^cat >>? (\S*)\s*<<\s*'(\w+)'\n(.*?)^\2$", text, re.M | re.S):
            if re.search(r"tests\.(json|yaml)$|\.ya?ml$", name):
                yield body
        for body in re.findall(r"^echo '([^'\n]*)' > \S*tests\.(?:json|yaml)$", text, re.M):
            yield body


REQUEST_WITH_ADDRESS = (
    r'''{"principal": "U::\"a\"", "action": "A::\"b\"", "resource": "R::\"c\"", "context":'''
    ''' {"n": {"__extn": {"fn": "ip", "arg": "10.0.0.0/8"}}, "d": {"a": [1, true]}}}''')


# --- expressions: each operator and function, each way to be wrong

EPOCH = 'datetime("1970-01-01")'
LAST, BEFORE_FIRST = (f'{EPOCH}.offset(duration("{sign}9223372036854775807ms"))' for sign in ("", "-"))
VALUES = ["true", "1", '"a"', "[1]", "{}", "principal", 'decimal("1.0")', 'ip("1.2.3.4")', EPOCH, 'duration("1s")']


def expressions():
    yield from (f"1 {op} 2" for op in ("+", "-", "*", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in", "like", "is", "has"))
    yield from (f"9223372036854775807 {op} 2" for op in ("+", "*"))
    yield from (f"{wrong}{value}" for value in VALUES for wrong in ("!", "1 + "))
    yield from (f"{value}{use}" for value in VALUES for use in (
        ".contains(1)", ".containsAll([1])", ".containsAny(1)", ".isEmpty()", ".n", '["n"]', '.getTag("t")', '.hasTag("t")',
        " has n", ' has "n"', ' like "a*"', " is User", " in principal", " in [1]", ' is User in Group::"g"'))
    yield from ("context.n", "context.missing", "context has n.m", 'principal.getTag("u")', '[1, 2].containsAny([2])',
                "if 1 then 2 else 3", "if true then 2 else 3", "(true && false) && true", "!!!!!true", "- - -context.n")
    for method in ("isIpv4", "isIpv6", "isLoopback", "isMulticast"):
        yield from (f'ip("{ip}").{method}()' for ip in ("127.0.0.1", "ff00::2"))
    yield 'ip("10.1.1.1").isInRange(ip("10.0.0.0/8"))'
    for method in ("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"):
        yield f'decimal("1.1").{method}(decimal("2.0"))'
    yield from (f"{a}.durationSince({b})" for a in (EPOCH, LAST) for b in (EPOCH, BEFORE_FIRST))
    yield from (f"{a}.{method}()" for a in (EPOCH, BEFORE_FIRST) for method in ("toDate", "toTime"))
    yield from (f'duration("1d2h3m4s5ms").to{unit}()' for unit in ("Milliseconds", "Seconds", "Minutes", "Hours", "Days"))
    yield from (f'{name}("{text}")' for name in ("ip", "decimal", "datetime", "duration") for text in ("x", "1"))
    # What is no expression.
    yield from ("99999999999999999999", "?principal", "foo", "principl", 'User::"a"::b', 'User::"a"::"b"', "ip()", "isIpv4(1)",
                "1.ip()", "1.isIpv4(2)", "1.isIpv(2)", "ipp(1)", "1(2)", '"\\q"', "{a: 1, a: 2}", "{if: 1}", "context.if",
                "if.a", "__cedar::x", "principal.__cedar", 'principal is User::"a"', "principal is __cedar", 'A::B::"c"')
    yield from ("(" * 500 + "1", "1" + " + 1" * 500, "if true then " * 500 + "1", "true" + " && true" * 50)


# --- files of tests, as the reference has them and as we do

def test_files():
    request = '"request": {"principal": "U::\\"a\\"", "action": "A::\\"b\\"", "resource": "R::\\"c\\"", "context": {"n": 1}}'
    entities = '"entities": [{"uid": {"type": "U", "id": "a"}, "attrs": {"n": 1}, "parents": []}]'
    for rest in ('"decision": "allow", "reason": ["p"], "num_errors": 0', '"decision": "deny", "reason": [], "num_errors": 1',
                 '"decision": "maybe", "reason": ["p", 1], "num_errors": -1', '"decision": "allow", "reason": "p", "num_errors": 0'):
        for who in ('"name": "t", ', ""):
            yield "[{" + who + request + ", " + entities + ", " + rest + "}]"
    yield "[]"
    twice = entities.replace("[{", "[{", 1)[:-1] + ", " + entities[len('"entities": ['):]
    yield '[{"name": "t", ' + request + ", " + twice + ', "decision": "allow", "reason": [], "num_errors": 0}]'
    common = "entities: [{uid: {type: U, id: a}, attrs: {n: 1}, parents: []}]\ntests:\n"
    case = '  - {name: t, principal: \'U::"a"\', action: \'A::"b"\', resource: \'R::"c"\', %s}\n'
    for rest in ("expect: allow, because: [p]", "expect: deny, because: [], errors: [q, p]", "expect: deny, near: [p]",
                 "expect: deny, near: {p: [x == 1, y]}", "expect: allow, because: p", "expect: deny, near: {p: 1}", "expect: deny, near: [1]",
                 "expect: deny, near: {p: [1]}", "expect: often", "expect: allow, entities: [{uid: {type: U, id: b}, attrs: {}, parents: []}]",
                 "expect: allow, entities: [1]", "expect: allow, context: {n: 2}"):
        yield common + case % rest
    yield "tests:\n  - {principal: 1}\n"
    yield "tests: []\n"
    yield 'tests:\n  - {name: t, principal: [\'U::"a"\', \'U::"b"\'], action: \'A::"b"\', resource: [\'R::"c"\'], expect: deny}\n'


# --- programs: instructions of eight bytes on the constants of fuzz_program.cc

OPS = re.findall(r"^OP\((\w+)", (ROOT / "engine/bytecode/opcodes.def").read_text(), re.M)
FUNCTIONS = re.findall(r'^FUNCTION\(\w+, "(\w+)", \w+, (\d)', (ROOT / "stdlib/functions.def").read_text(), re.M)
UID, SET, ONE, TEXT, TRUE, RECORD = range(6)


def inst(op, a=0, c=0, x=0):
    return struct.pack("<BBHI", OPS.index("k" + op), x, a, c)


def body(*instructions):
    """Registers are at most as many as instructions."""
    return b"".join([*instructions, *[inst("LoadConstant", 3, ONE)] * max(0, 3 - len(instructions)), inst("Satisfied")])


def load(*constants):
    return [inst("LoadConstant", register, constant) for register, constant in enumerate(constants)]


def programs():
    binary = ["Add", "Subtract", "Multiply", "Equal", "Less", "LessEqual", "In", "Contains", "ContainsAll",
              "ContainsAny", "GetTag", "HasTag"]
    for op in binary:
        for left in (ONE, SET, UID, TEXT):
            for right in (ONE, SET):
                yield body(*load(left, right), inst(op, 0, 1))
    for op in ("Not", "Negate", "IsEmpty", "CheckBool", "Require", "RequireNot"):
        for constant in range(6):
            yield body(*load(constant), inst(op))
    for variable in range(4):
        for op in ("GetAttribute", "HasAttribute", "Is", "Like"):
            for operand in (0, 1):
                if op == "Like" and operand == 1:
                    continue
                yield body(inst("LoadVariable", 0, variable), inst(op, 0, operand))
        for op in ("GetTag", "HasTag"):
            yield body(inst("LoadVariable", 0, variable), inst("LoadConstant", 1, TEXT), inst(op, 0, 1))
        yield body(inst("LoadVariable", 0, variable), inst("LoadConstant", 1, SET), inst("In", 0, 1))
    for constant in range(6):
        yield body(*load(constant), inst("GetAttribute", 0, 0))
        yield body(*load(constant), inst("Like", 0, 0))
    yield body(inst("NewSet", 0, 2), inst("LoadConstant", 1, ONE), inst("SetPut", 0), inst("LoadVariable", 1, 0),
               inst("SetPut", 0), inst("SetEnd", 0), inst("LoadConstant", 1, SET), inst("ContainsAny", 0, 1))
    yield body(inst("NewRecord", 0, 2), inst("LoadConstant", 1, ONE), inst("RecordPut", 0, 0),
               inst("LoadConstant", 1, TEXT), inst("RecordPut", 0, 1), inst("RecordEnd", 0), inst("GetAttribute", 0, 1))
    for number, (name, arity) in enumerate(FUNCTIONS):
        yield body(*load(ONE, TEXT, SET), inst("Call", 0, number, x=int(arity)))
        yield body(*load(TEXT, TEXT), inst("Call", 1, 0, x=1), inst("Call", 0, 0, x=1),
                   inst("Call", 0, number, x=int(arity)))
        yield body(*load(TEXT, TEXT, TEXT), inst("Call", 0, number, x=3 - int(arity)))
    for op in ("JumpIfFalse", "JumpIfTrue"):
        yield body(*load(TRUE), inst(op, 0, 2), inst("LoadConstant", 0, ONE), inst("Require", 0))
        yield body(*load(ONE), inst(op, 0, 1), inst("Require", 0))
    yield body(inst("Jump", 0, 2), inst("Fail"), *load(TRUE), inst("Move", 1, 0), inst("Require", 1))
    yield body(inst("Fail"), *load(TRUE), inst("Require"))
    # What the verifier refuses.
    for wrong in (inst("Move", 0, 1), inst("LoadConstant", 0, 9), inst("LoadConstant", 9, 0), inst("Jump", 0, 0),
                  inst("Jump", 0, 99), inst("Return"), inst("SetPut"), inst("NewSet", 0, 999), inst("RecordEnd"),
                  inst("Call", 0, 999, x=1), inst("Call", 3, 0, x=9), inst("LoadVariable", 0, 7), inst("Not", 0, 5),
                  inst("LoadConstant", 0, 0, x=1), b"\xff" * 8):
        yield body(wrong)
    yield load(ONE)[0] * 4
    yield inst("Satisfied")
    yield b""


# --- edits: bytes that fuzz_edits.cc draws from

def edits():
    add = [bytes([0, 0, i % 8, i]) for i in range(16)]
    yield b"".join(add)
    yield b"".join(bytes([0, 0, 0, i]) + bytes([0, 3, 0]) for i in range(16))      # add, then remove
    yield b"".join(bytes([0, 0, 1, i, 0, 2, 1, 15 - i]) for i in range(16))        # add, then replace
    for template in (13, 14, 15):
        for slots in range(4):
            link = bytes([0, 4, 2, slots]) + b"\x00\x01" * (slots & 1) + b"\x01\x02" * (slots >> 1) + b"\x05"
            yield bytes([0, 0, 2, template]) + link + bytes([0, 5, 5]) + link + bytes([0, 3, 2])
    entity = bytes([0, 6, 4, 0, 0, 3, 1, 1, 1, 2])                                 # with a level and two parents
    cycle = bytes([0, 6, 3, 1, 1, 1, 2]) + bytes([0, 6, 3, 1, 2, 1, 1])
    yield entity + bytes([0, 6, 6, 1, 1, 1, 2, 1, 3, 1, 0]) + bytes([0, 7, 0, 1, 1]) + entity + bytes([0, 7, 0, 0, 0])
    yield entity + cycle + bytes([0, 7, 0, 1, 2]) + cycle
    yield b"".join(add[:12]) + entity + bytes([3, 6, 2, 0, 1, 2, 0, 6, 4, 2, 0, 1, 2, 1, 0, 0, 0, 3, 3, 7, 0, 0, 0])


def main():
    policies = [*golden("ast", "ir", "bytecode", "tree", "error", "to-json", "format"),
                *[path.read_text() for path in sorted((ROOT / "policies").glob("*/policies.cedar"))]]
    write("policies", policies)
    evaluated = [line for text in golden("evaluate") for line in text.splitlines() if line]
    write("expression", [*evaluated, *golden("expression"), *expressions()])
    write("entities", golden("entities"))
    write("request", [*golden("request"), REQUEST_WITH_ADDRESS, '{"n": {"__extn": {"fn": "ip", "arg": "::1"}}}', 'User::"a"', 'A::B::"\\u{e9}\\n"', 'User:"a"', '"a"', "User::a", 'if::"a"',
                      '{"type": "User", "id": "a"}', 'User::"a" b', 'User::"\\q"', ""])
    write("policy_set", [*golden("policy-set", "to-cedar"), (ROOT / "policies/deploys/policies.json").read_text()])
    tests = [path.read_text() for kind in ("json", "yaml") for path in sorted((ROOT / "policies").glob(f"*/tests.{kind}"))]
    write("test_file", [*tests, *here_documents(), *test_files()])
    write("program", programs())
    write("edits", edits())


if __name__ == "__main__":
    main()
