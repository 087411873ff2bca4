#!/usr/bin/env python3
"""Compares the subcommands and flags of the reference's program with those of policyc.
Usage: flags.py CEDAR POLICYC

Prints a row for each subcommand: its flags that both have, that only the reference has, and that only
policyc has. Fails if the reference has one that policyc has not.
"""
import re
import subprocess
import sys

FLAG = re.compile(r"^\s+(?:(-\w),\s?)?(--[\w-]+)", re.M)
NOT_THERE = {"partially-authorize", "tpe", "symcc"}  # refused with a sentence


def help_of(program, *command):
    return subprocess.run([program, *command, "--help"], capture_output=True, text=True).stdout


def flags_of(program, *command):
    """Long names, each with its short one."""
    return {long: short for short, long in FLAG.findall(help_of(program, *command))}


def subcommands(program):
    text = help_of(program)
    section = re.search(r"(?:Commands|Subcommands):\n(.*?)\n\n", text, re.S).group(1)
    return re.findall(r"^  ([\w-]+)  ", section, re.M)


def shown(flags):
    return " ".join(sorted(f"{s + ',' if s else ''}{l}" for l, s in flags.items())) or "-"


def main():
    reference, ours = sys.argv[1:3]
    everywhere = flags_of(ours)
    missing = []
    print("| subcommand | both | only the reference | only policyc |\n|---|---|---|---|")
    mine = subcommands(ours)
    theirs = [name for name in subcommands(reference) if name != "help"]
    for name in theirs:
        if name not in mine:
            missing.append(name)
            print(f"| `{name}` | - | all of it | |")
            continue
        a, b = flags_of(reference, name), flags_of(ours, name)
        b |= {flag: short for flag, short in everywhere.items() if flag in a}
        both = {l: s for l, s in a.items() if b.get(l) == s}
        lost = {l: s for l, s in a.items() if l not in both}
        more = {l: s for l, s in b.items() if l not in both}
        missing += [f"{name} {flag}" for flag in lost]
        note = " (refused with a sentence)" if name in NOT_THERE else ""
        print(f"| `{name}`{note} | {shown(both)} | {shown(lost)} | {shown(more)} |")
    for name in mine:
        if name not in theirs:
            print(f"| `{name}` | | | all of it |")
    print(f"\n{len(theirs)} subcommands of the reference, {len(missing)} missing names: {missing}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
