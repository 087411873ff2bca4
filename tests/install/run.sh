#!/usr/bin/env bash
# Installs a build into an empty folder and builds small users of it there, with find_package and
# with pkg-config. Usage: run.sh BUILD COMPILER SANITIZERS
set -euo pipefail
build=$1 compiler=$2 flags=${3:+-fsanitize=$3}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "$build/install-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror"

cmake --install "$build" --prefix "$prefix" >"$work/install.log"
libraries=$(dirname "$(find "$prefix" -name assay-engine.pc)")

packages=(engine compiler)
[[ -e $libraries/assay-mint.pc ]] && packages+=(mint)

for package in "${packages[@]}"; do
  consumer=consumer_$package
  cmake -S "$here/$consumer" -B "$work/$consumer" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags $warnings" >"$work/configure.log"
  cmake --build "$work/$consumer"
  "$work/$consumer/consumer"
done

# A broker: a credential of a workload goes in, a grant comes out.
if [[ -e $libraries/assay-mint.pc ]]; then
  cmake -S "$here/consumer_broker" -B "$work/broker" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags $warnings" >"$work/configure.log"
  cmake --build "$work/broker"
  "$build/bin/mint_workload" svid "$work" spiffe://example.org/agents/mail https://mint.example.org
  "$work/broker/consumer" "$(<"$work/bundle")" "$(<"$work/svid")" "$work/ledger"
fi

# The engine's user must not need the compiler or what it is made with, nor the private libraries, nor
# the mint's.
if readelf -d "$work/consumer_engine/consumer" "$prefix"/lib*/libassay_engine.so \
  "$prefix"/lib*/*/libassay_engine.so 2>/dev/null | grep -E 'NEEDED.*(antlr|compiler|mint|ssl|crypto)'; then
  echo "the engine needs more than it should" >&2
  exit 1
fi
if grep -rlE 'antlr|nlohmann|openssl/' "$prefix/include"; then
  echo "an installed header names a private library" >&2
  exit 1
fi

export PKG_CONFIG_PATH=$libraries
for package in "${packages[@]/#/assay-}"; do
  source=$here/consumer_${package#assay-}/main.cc
  # Flags are lists of words.
  # shellcheck disable=SC2046,SC2086
  "$compiler" -std=c++20 $flags $warnings "$source" -o "$work/$package" \
    $(pkg-config --cflags --libs "$package")
  LD_LIBRARY_PATH=$(pkg-config --variable=libdir "$package") "$work/$package"
done

echo 'permit(principal, action, resource);' | "$prefix/bin/policyc" check-parse

# The Debian package: without sanitizers, whose programs nobody installs.
if [[ -z $flags ]]; then
  (cd "$build" && cpack -G DEB -B "$work" >"$work/cpack.log")
  dpkg-deb -x "$work"/assay_*.deb "$work/package"
  "$work/package/usr/bin/policyc" --version
  dpkg-deb -f "$work"/assay_*.deb Depends
  for file in man/man1/policyc.1 bash-completion/completions/policyc zsh/site-functions/_policyc \
    fish/vendor_completions.d/policyc.fish; do
    [[ -s $work/package/usr/share/$file ]]
  done
fi
