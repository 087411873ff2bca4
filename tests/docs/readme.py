#!/usr/bin/env python3
"""Runs the examples of README.md: each block of code is checked by the function below that has its
turn, so that a block which is added, taken away or changed fails until this file knows of it.

usage: readme.py ROOT PROGRAMS"""
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT, BIN = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
README = (ROOT / "README.md").read_text()
HAS_MINT = (BIN / "assay").exists()


class Wrong(Exception):
    pass


def require(condition, problem):
    if not condition:
        raise Wrong(problem)


def run(script, folder, code=0):
    """What a script of bash prints, in a folder, with the programs on the path."""
    done = subprocess.run(["bash", "-euc", script], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"})
    require(done.returncode == code,
            f"exit code {done.returncode}, not {code}:\n{script}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def start(text, folder):
    """They build and test all there is; that they exist is what can be checked here."""
    commands = re.findall(r"^\./dev (\w+)", text, re.M)
    known = run("./dev help", ROOT)
    require(commands and all(f"\n  {name} " in known for name in commands), "no command of ./dev")


def decide(text, folder):
    require(run(text.replace("build/release/bin/", ""), ROOT).strip().startswith("ALLOW"), "not allowed")


def decide_many(text, folder):
    world = "policies/photos"
    output = run(f"policyc authorize --policies {world}/policies.cedar --entities {world}/entities.json"
                 f" --requests {world}/requests.jsonl --format json", ROOT)
    require(text in output, f"this is printed:\n{output}")


def mistake(text, folder):
    (folder / "policies.cedar").write_text(text.splitlines()[1].strip() + "\n")
    output = run("policyc check-parse -p policies.cedar", folder, 1)
    require(output == text, f"this is printed:\n{output}")


def tests(text, folder):
    run("policyc new -n demo && rm demo/tests.json", folder)
    (folder / "demo/tests.yaml").write_text(text)
    require("0 failed" in run("policyc test demo", folder), "a test fails")


def explanation(text, folder):
    command = re.search(r"`(policyc explain [^`]*)`", README)[1].replace("\n", " ")
    output = run(command, ROOT, 2)
    require(output.startswith(text), f"this is printed:\n{output}")


def newcomer(text, folder):
    """A shell as it is seen: commands after `$`, and below each what it prints."""
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.M):
        output = run(f"set +e; {command}; true", folder)
        require(output == expected, f"{command}\nprints:\n{output}and not:\n{expected}")


def images(text, folder):
    run("openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out pub.pem;"
        f"ln -s {ROOT}/policies policies", folder)
    request = "-l 'User::\"alice\"' -a 'Action::\"view\"' -r 'Photo::\"beach.jpg\"'"
    run(text.replace("…", f"--entities policies/photos/entities.json {request}"), folder)


def embed(text, folder):
    """The same code is compiled and run by the test `install`."""
    program = (ROOT / "tests/install/consumer_compiler/main.cc").read_text()
    part = re.search(r"// README begins\n(.*)\s*// README ends", program, re.S)[1]

    def plain(code):
        return re.sub(r"\s+", "", re.sub(r"//.*", "", code))
    require(plain(part) == plain(text), "consumer_compiler/main.cc has other code between its marks")


def mint(text, folder):
    if not HAS_MINT:
        print("  not run: this build is without the mint")
        return
    mail = "https://mail.example.org"
    steps = re.split(r"^(?=assay verify)", text, flags=re.M)
    require(len(steps) == 2, "no grant is verified")
    run(f"""ln -s {ROOT}/policies policies
            openssl genpkey -algorithm ed25519 -out publisher.pem
            openssl pkey -in publisher.pem -pubout -out publisher.pub
            mint_workload svid . spiffe://example.org/agents/mail https://mint.example.org
            mint_workload proof . POST https://mint.example.org/token > proof
            {steps[0]}
            mint_workload proof . POST {mail}/api grant > shown""", folder)
    payload = (folder / "grant").read_text().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    shown = (f"--issuer https://mint.example.org --audience {mail} --skew 0 --uses uses"
             f" --dpop-proof shown --dpop-url {mail}/api -a 'Action::\"read\"' -r 'Mailbox::\"inbox\"'")
    run(steps[1].replace("…", shown).replace("JTI", claims["jti"]).replace("TASK", claims["txn"]),
        folder)


BLOCKS = [("sh", start), ("sh", decide), ("json", decide_many), ("", mistake), ("", newcomer),
          ("yaml", tests), ("", explanation), ("sh", images), ("cpp", embed),
          ("sh", mint)]


def all_commands_are_named():
    listed = run("policyc --help", ROOT).split("Subcommands:")[1]
    for name, about in re.findall(r"^  ([a-z-]+) +(.*)", listed, re.M):
        if about.endswith("(not there yet)"):
            continue
        require(re.search(rf"`(policyc )?{name}[ `]", README), f"`policyc {name}` is not there")


def headers_have_no_examples():
    """They have none today; one that is added must be compiled by some test, and be named here."""
    for header in [h for h in ROOT.glob("**/include/assay/**/*.h") if "build" not in h.parts]:
        for number, line in enumerate(header.read_text().splitlines(), 1):
            require(not re.match(r"\s*//(!|/|\s*```|\s{3,}\S.*[;{]\s*$)", line),
                    f"{header}:{number}: this looks like an example")


def main():
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)
    failed = 0
    checks = [(f"block {i + 1}, {check.__name__}", lambda d, c=check, t=text: c(t, d))
              for i, ((_, check), (_, text)) in enumerate(zip(BLOCKS, found))]
    checks.append(("names of commands", lambda d: all_commands_are_named()))
    checks.append(("headers", lambda d: headers_have_no_examples()))
    if [language for language, _ in found] != [language for language, _ in BLOCKS]:
        print(f"README.md has blocks of {[f[0] for f in found]}, and this file checks {[b[0] for b in BLOCKS]}")
        failed += 1
    for name, check in checks:
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(pathlib.Path(folder))
                print(f"ok: {name}")
            except Wrong as wrong:
                failed += 1
                print(f"FAILED: {name}: {wrong}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
