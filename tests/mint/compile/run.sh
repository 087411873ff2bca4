#!/usr/bin/env bash
# What must not compile: an identity or a proven key that no verifier has made, a grant asked for
# without one, a proof of an allow that no evaluation has made. Usage: run.sh COMPILER
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
compile() { # COMPILER CASE
  "$1" -std=c++20 -fsyntax-only -DCASE="$2" -I"$root" -I"$root/engine/include" \
    -I"$root/engine/mint/include" \
    "$root/tests/mint/compile/identity.cc" 2>&1
}
# Without a case that compiles, the others might fail for another reason.
compile "$1" 0
for case in {1..13}; do
  if compile "$1" "$case" >/dev/null; then
    echo "case $case compiles, and must not" >&2
    exit 1
  fi
done
echo "1 case compiles, 13 do not"
