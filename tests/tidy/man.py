#!/usr/bin/env python3
"""Every option, command, setting and variable that the programs know stands in the manual pages and
the README's table, and nothing else does; groff has nothing to say against a page.

Prints a line for each difference and ends "N passed, N failed".
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("SRCDIR") or Path(__file__).resolve().parents[2])
BUILD = Path(os.environ.get("BUILDDIR") or ".")
SERVERS = ["refunddesk-portal", "refunddesk-api", "refunddesk-worker", "refunddesk-simgate"]
INSTALLED = "the installed one"  # a default that the build decides

results = []


def compare(what, said, known):
    """Sets of what a text says and what a program knows."""
    for extra in sorted(said - known):
        print(f"{what}: only the text has {extra}")
    for missing in sorted(known - said):
        print(f"{what}: only the program has {missing}")
    results.append(said == known and bool(known))


def shown_help(program):
    run = subprocess.run([BUILD / program, "--help"], capture_output=True, text=True, timeout=60)
    if run.returncode != 0:
        print(f"{program} --help ends with {run.returncode}: {run.stderr}")
    return run.stdout


def page(name):
    return (ROOT / "man" / name).read_text(encoding="utf-8")


# ---- what the programs say ---------------------------------------------------------------------

OPTION = r"(--[a-z-]+)(?: ([A-Z_]+))?(?: |$)"


def help_options(text):
    """--home DIR … of lines that begin with an option."""
    return {" ".join(filter(None, m.groups())) for m in re.finditer(r"\n  " + OPTION, text)}


def help_commands(text):
    """user add NAME, and user add --role ROLE."""
    found, command = set(), None
    for line in text.partition("\nCommands:\n")[2].split("\n"):
        if m := re.fullmatch(r"  ([a-z-]+(?: [a-z-]+)?)((?: [A-Z_]+)*)", line):
            command = m[1]
            found.add(command + m[2])
        elif m := re.match(r"      " + OPTION, line):
            found.add(" ".join(filter(None, (command, *m.groups()))))
    return found


def help_settings(text):
    return set(re.findall(r"^(\w+\.\w+) = (\S+)   ", text, re.M))


# ---- what the texts say ------------------------------------------------------------------------


def words_of(macros):
    """`Fl -home Ar DIR` as it is typed: `--home DIR`."""
    return re.sub(r"\b(Ar|Cm) ", "", macros.replace("Fl -", "--"))


def page_items(text):
    """The tags of a page's lists; an option below a command is named with it."""
    options, commands, command = set(), set(), None
    for line in text.split("\n"):
        if line.startswith(".Sh"):
            command = None
        elif line.startswith(".It Cm "):
            tag = words_of(line[4:])
            commands.add(tag)
            command = re.match(r"[a-z -]*[a-z]", tag)[0]
        elif line.startswith(".It Fl ") and command:
            commands.add(f"{command} {words_of(line[4:])}")
        elif line.startswith(".It Fl "):
            options.add(words_of(line[4:]))
    return options, commands


def page_settings(text):
    return set(re.findall(r"^\.It Va (\S+) Pq (.+)$", text, re.M))


def check_settings(what, said, known):
    defaults = dict(known)
    said = {(key, defaults.get(key) if value == INSTALLED else value) for key, value in said}
    compare(what, {f"{key} = {value}" for key, value in said}, {f"{k} = {v}" for k, v in known})


def variables_read():
    """Those the installed programs ask the environment for."""
    found = set()
    for path in sorted((ROOT / "src").rglob("*.[ch]")):
        if path.name.startswith("run_") or path.name == "crash.h":
            continue  # `make run` and the crash tests: not installed
        found |= set(re.findall(r'\bgetenv\("(\w+)"\)', path.read_text(encoding="utf-8")))
    return found


def check_groff(names):
    if not shutil.which("groff"):
        print("note: no groff here, the pages' macros are not checked")
        return
    for name in names:
        command = ["groff", "-mdoc", "-ww", "-Tutf8", "-z", str(ROOT / "man" / name)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        print(run.stderr, end="")
        results.append(run.returncode == 0 and not run.stderr)


def main():
    names = ["refundctl.1", "refunddesk.conf.5", *(f"{program}.8" for program in SERVERS)]
    texts = {name: page(name) for name in names}
    for program in SERVERS:
        options, commands = page_items(texts[f"{program}.8"])
        compare(f"{program}.8", options | commands, help_options(shown_help(program)))
    ctl = shown_help("refundctl")
    options, commands = page_items(texts["refundctl.1"])
    compare("refundctl.1", commands, help_commands(ctl))
    compare("refundctl.1", {o.split()[0] for o in options}, {"--home", "--help", "--version"})
    known = help_settings(shown_help("refunddesk-worker"))
    check_settings("refunddesk.conf.5", page_settings(texts["refunddesk.conf.5"]), known)
    readme = re.findall(r"^\| `(\w+\.\w+)` \| `(\S+)` \|", (ROOT / "README.md").read_text("utf-8"), re.M)
    compare("README.md", {key for key, _ in readme}, {key for key, _ in known})
    said = {v for text in texts.values() for v in re.findall(r"^\.It Ev (\w+)$", text, re.M)}
    compare("ENVIRONMENT", said - {"REFUNDDESK_SECTION_KEY"}, variables_read())
    listed = {path.name for path in (ROOT / "man").iterdir() if not path.name.endswith(".mk")}
    compare("man/", set(names), listed)
    check_groff(names)
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
