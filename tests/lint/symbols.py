#!/usr/bin/env python3
"""Checks what shared libraries show to their users. Usage: symbols.py LIBRARY...

Only names of ours may be visible: no instance of a standard template, nothing of the libraries we
are built from, and each in one library only. The libraries share private code, but not variables:
one that can be written must not be in two of them. DECISIONS.md, entry 1, says why.
"""
import re
import subprocess
import sys

OURS = re.compile(r"((typeinfo|typeinfo name|vtable) for )?assay::(?!cedar::grammar)")
# What the tools add: sanitizers and the linker.
TOOLS = re.compile(r"__odr_asan|__(asan|ubsan|tsan|gcov)_|_(init|fini|edata|end|_bss_start)$")


# Tables, and a seed, that are filled once and are the same in every copy.
FILLED_ONCE = re.compile(r"assay::stdlib::.*names?$|assay::SeededHash\(.*\)::seed$")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def visible(library):
    names = {line.split(" ", 2)[2] for line in run("nm", "-DC", "--defined-only", library)}
    return {name for name in names if not TOOLS.match(name)}


def variables(library):
    """The library's variables that can be written, ours only."""
    rows = (line.split("\t", 1) for line in run("objdump", "-tC", library) if "\t" in line)
    return {names[1].split(" ", 1)[1].strip() for names in rows
            if re.search(r" O \.(t?bss|t?data)$", names[0])
            and names[1].split(" ", 1)[1].strip().startswith("assay::")}


def problems(libraries):
    owner = {}
    for library in libraries:
        names = visible(library)
        print(f"{library}: {len(names)} visible names")
        if not names:
            yield f"{library} shows nothing"
        for name in sorted(names):
            if not OURS.match(name):
                yield f"{library}: {name} is visible"
        written = {name for name in variables(library) if not FILLED_ONCE.match(name)}
        for name in sorted(names | written):
            if name in owner:
                yield f"{name} is in {owner[name]} and in {library}"
            owner[name] = library


def main():
    found = list(problems(sys.argv[1:]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
