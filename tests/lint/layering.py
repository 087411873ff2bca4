#!/usr/bin/env python3
"""Checks who includes whom. Usage: layering.py ROOT

The layers are those of ARCHITECTURE.md; a file may include its own layer and those to its left.
Also kept apart: ANTLR, OpenSSL, the JSON library and the library for options in the few files that
may see them, the mint from the compiler, printing and stopping in the command line, and public
headers from everything private.
"""
import pathlib
import re
import subprocess
import sys

LAYERS = ["engine/base", "engine/store", "engine/tree", "stdlib/types", "engine/value", "stdlib",
          "engine/data", "engine/bytecode", "engine/snapshot", "engine/image", "engine/eval",
          "engine/publish", "engine/mint/base", "engine/mint/json", "engine/mint/jose",
          "engine/mint/identity", "engine/mint/grant", "engine/mint/ledger", "engine/mint/hook", "compiler",
          "compiler/cli", "engine/mint/cli"]
COMMAND_LINES = [LAYERS.index("engine/mint/cli"), LAYERS.index("compiler/cli")]
# The public headers stand beside the layers: everyone may include the engine's, from the compiler up
# the compiler's, and in the mint and the command line the mint's.
ENGINE_API = "engine/include/assay/"
COMPILER_API = "compiler/include/assay/"
MINT_API = "engine/mint/include/assay/"
PUBLIC = (ENGINE_API, COMPILER_API, MINT_API)

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
COMMENT = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"')
PRINTS_OR_STOPS = re.compile(
    r'(?<![\w.>:])(?:std::)?(printf|fprintf|puts|abort|exit|_Exit|quick_exit|terminate)\s*\(')


def layer_of(path):
    """The index of the file's layer; None for what may include anything, and public headers."""
    if path.startswith(PUBLIC):
        return None
    fitting = [index for index, folder in enumerate(LAYERS) if path.startswith(folder + "/")]
    return max(fitting, key=lambda index: len(LAYERS[index]), default=None)


SHOW_ANTLR = {"compiler/cedar/stop_strategy.h", "compiler/cedar/token_window.h"}
ANTLR = {"compiler/cedar/parse.cc", "compiler/schema/parse.cc", *SHOW_ANTLR}


def allowed_antlr(path):
    return path in ANTLR or path.startswith("grammar/")


def allowed_mint(path):
    return path.startswith(("engine/mint/", "compiler/cli/", "tests/", "bench/"))


def allowed_openssl(path):
    hashes_or_signs = ("engine/base/sha256.cc", "engine/base/ecdsa.cc", "engine/image/signature.cc")
    return (path in hashes_or_signs or
            path.startswith(("engine/mint/", "tests/", "bench/")) and not path.startswith(MINT_API))


def allowed_json(path):
    return re.match(r"engine/base/json\w*\.cc$|tests/|bench/", path) is not None


def check_include(path, target, quoted, exists):
    """Says what is wrong with one include, or nothing."""
    shows_antlr = target in ("Cedar.h", "CedarSchema.h", *SHOW_ANTLR)
    if ("antlr" in target or shows_antlr) and not allowed_antlr(path):
        return "only the two parsers may include ANTLR"
    if target.startswith("nlohmann/") and not allowed_json(path):
        return "only engine/base/json*.cc may include the JSON library"
    if target.startswith("CLI/") and path != "compiler/cli/options.cc":
        return "only compiler/cli/options.cc may include the library for options"
    if target.startswith("openssl/") and not allowed_openssl(path):
        return "only the mint, sha256.cc, ecdsa.cc and signature.cc may include OpenSSL"
    if target == "iostream" and layer_of(path) not in (None, *COMMAND_LINES):
        return "a library does not print"
    public = path.startswith(PUBLIC)
    if not quoted:
        if public and "/" in target:
            return "a public header includes only public and standard headers"
        return None
    if target.startswith("assay/"):
        target = next((api + target[6:] for api in PUBLIC
                       if api + target[6:] in exists), None)
        if target is None:
            return "there is no such public header"
        below_compiler = (path.startswith(("engine/", "stdlib/"))
                          and not path.startswith("engine/mint/cli/"))
        if target.startswith(COMPILER_API) and below_compiler:
            return "the engine does not know the compiler"
        if target.startswith(MINT_API) and not allowed_mint(path):
            return "only the mint and the command line know the mint"
        return None
    if public:
        return "a public header includes only public and standard headers"
    if target not in exists:
        return "there is no such file; private headers are named from the root"
    if target.startswith("engine/mint/") and not allowed_mint(path):
        return "only the mint and the command line know the mint"
    mine, theirs = layer_of(path), layer_of(target)
    if mine is not None and (theirs is None or theirs > mine):
        return "an include may only go to a lower layer"
    return None


def check_file(path, text, exists):
    errors = []
    if path.startswith("engine/") and layer_of(path) is None and not path.startswith(PUBLIC):
        errors.append((0, "the folder has no layer; ARCHITECTURE.md and this script list them"))
    for match in INCLUDE.finditer(text):
        problem = check_include(path, match[2], match[1] == '"', exists)
        if problem:
            errors.append((match.start(), f'#include "{match[2]}": {problem}'))
    if layer_of(path) not in (None, *COMMAND_LINES):
        bare = COMMENT.sub(lambda m: " " * len(m[0]), text)
        for match in PRINTS_OR_STOPS.finditer(bare):
            errors.append((match.start(1), f"{match[1]}: a library neither prints nor stops"))
    return [f"{path}:{text.count(chr(10), 0, at) + 1}: {what}" for at, what in errors]


def main():
    root = pathlib.Path(sys.argv[1])
    listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True, check=True).stdout.split()
    exists = {name for name in listed if (root / name).is_file()}
    sources = sorted(name for name in exists if name.endswith((".h", ".cc", ".def", ".g4")))
    errors = [error for name in sources
              for error in check_file(name, (root / name).read_text(), exists)]
    print("\n".join(errors) or f"{len(sources)} files keep the layers")
    return 1 if errors or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
