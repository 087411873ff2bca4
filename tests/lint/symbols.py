#!/usr/bin/env python3
"""Checks what shared libraries show to their users. Usage: symbols.py LIBRARY...

Only names of ours may be visible: no instance of a standard template, nothing of the libraries we
are built from. A name that two of the libraries define is an error too.
"""
import re
import subprocess
import sys

OURS = re.compile(r"((typeinfo|typeinfo name|vtable) for )?assay::(?!.*\b(cedar::grammar|internal)\b)")
# What the tools add: sanitizers and the linker.
TOOLS = re.compile(r"__odr_asan|__(asan|ubsan|tsan|gcov)_|_(init|fini|edata|end|_bss_start)$")


def visible(library):
    lines = subprocess.run(["nm", "-DC", "--defined-only", library], capture_output=True,
                           text=True, check=True).stdout.splitlines()
    names = {line.split(" ", 2)[2] for line in lines}
    return {name for name in names if not TOOLS.match(name)}


def main():
    failed = False
    owner = {}
    for library in sys.argv[1:]:
        names = visible(library)
        for name in sorted(names):
            if not OURS.match(name):
                print(f"{library}: {name} is visible")
                failed = True
            if name in owner:
                print(f"{name} is in {owner[name]} and in {library}")
                failed = True
            owner[name] = library
        print(f"{library}: {len(names)} visible names")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
