#!/usr/bin/env python3
"""Counts the instructions of fixed runs and compares them with a baseline.

usage: check.py PROGRAM COMPILER BASELINE [--update]
       check.py PROGRAM --beside OTHER

Fails when a run takes over 2 % more instructions than the baseline says (copies depend a little on where
memory lies, which any change may move: `publish` rows by up to 5 %), when runs and baseline are
not of the same names, and when the baseline is another compiler's. --update rewrites the baseline;
the commit says why.

--beside compares two programs that make the same runs; they may differ by 1 %.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOLERANCE = 0.02
BESIDE_TOLERANCE = 0.01
# The C library chooses its functions by the processor. With this it chooses the same on all.
BASIC_CPU = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-AVX,-BMI2,-ERMS,-FSRM,-RTM",
}


def count(program):
    """Instructions by the name of the run."""
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no",
             f"--callgrind-out-file={folder}/out", program],
            env={**os.environ, **BASIC_CPU}, check=True)
        for path in pathlib.Path(folder).iterdir():
            text = path.read_text()
            name = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.M)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.M)
            if name and total:
                counts[name[1]] = int(total[1])
    return counts


def read_baseline(path):
    compiler, counts = "", {}
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("# compiler: "):
            compiler = line.removeprefix("# compiler: ")
        elif line and not line.startswith("#"):
            number, name = line.split(maxsplit=1)
            counts[name] = int(number)
    return compiler, counts


def write_baseline(path, compiler, counts):
    lines = ["# Instructions of the fixed runs of instructions.cc, written by ./dev instructions --update.",
             f"# compiler: {compiler}"]
    lines += [f"{number:>12} {name}" for name, number in sorted(counts.items())]
    path.write_text("\n".join(lines) + "\n")


def compare(now, before):
    """The names of the runs that fail."""
    failed = []
    for name in sorted(now.keys() | before.keys()):
        new, old = now.get(name), before.get(name)
        if new is None or old is None:
            print(f"{name:30} {'not run' if new is None else 'not in the baseline'}")
            failed.append(name)
            continue
        change = new / old - 1
        rises, falls = change > TOLERANCE, change < -TOLERANCE
        note = "  rises" if rises else "  falls: lower the baseline" if falls else ""
        print(f"{name:30} {old:>12} {new:>12} {change:>+8.2%}{note}")
        if rises:
            failed.append(name)
    return failed


def compare_programs(program, other):
    """Prints both counts of each run; the names of the runs that differ."""
    ours, theirs = count(program), count(other)
    failed = sorted(ours.keys() ^ theirs.keys())
    for name in sorted(ours.keys() & theirs.keys()):
        change = theirs[name] / ours[name] - 1
        print(f"{name:30} {ours[name]:>12} {theirs[name]:>12} {change:>+8.3%}")
        if abs(change) > BESIDE_TOLERANCE:
            failed.append(name)
    return failed if ours else ["no run was counted"]


def main():
    if sys.argv[2:3] == ["--beside"]:
        failed = compare_programs(sys.argv[1], sys.argv[3])
        sys.exit(f"they differ: {', '.join(failed)}" if failed else 0)
    program, compiler, baseline = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    now = count(program)
    if not now:
        sys.exit("no run was counted")
    known_compiler, before = read_baseline(baseline)
    failed = compare(now, before)
    if sys.argv[4:] == ["--update"]:
        write_baseline(baseline, compiler, now)
        print(f"wrote {baseline}")
        return
    if known_compiler != compiler:
        sys.exit(f"the baseline is of `{known_compiler}`, this is `{compiler}`: they cannot be compared")
    if failed:
        sys.exit(f"over {TOLERANCE:.0%} more instructions, or not comparable: {', '.join(failed)}")


if __name__ == "__main__":
    main()
