#!/usr/bin/env python3
"""Keeps the direction of the tree true: who may include whom.

A file includes its own folder or a folder of a lower level, a third-party
header only where that library is wrapped, and the pure core (routing, oncall,
paging) nothing that could make two equal calls differ. Exits 1 with one line a
violation. `--folders` prints the folders that hold sources; an argument names
another root than the current folder.
"""

import pathlib
import re
import sys

LEVELS = {
    "base": 0,
    "oncall": 1,
    "routing": 1,
    "paging": 2,
    "metrics": 3,
    "http": 3,
    "engine": 4,
    "store": 5,
    "notify": 5,
    "feeds": 5,
    "web": 5,
    "systemd": 5,
    "config": 6,
    "daemon": 7,
}
FREE = {"tests", "benchmarks"}  # may include anything
CORE = {"oncall", "routing", "paging"}

# Library -> the folders whose files may include it.
WRAPPED_IN = {
    "re2/": {"routing"},
    "libical/": {"oncall"},
    "date/": {"base"},
    "spdlog/": {"base"},
    "prometheus/": {"metrics"},
    "curl/": {"http"},
    "sqlite3.h": {"store"},
    "libpq-fe.h": {"store"},
    "pistache/": {"web"},
    "zlib.h": {"web"},
    "boost/beast": {"web"},
    "boost/asio": {"web"},
    "boost/url": {"notify"},
    "boost/json": {"routing", "store", "web", "notify", "daemon"},
    "boost/test": set(),
    "yaml-cpp/": {"config"},
    "yaml.h": {"config"},
}

# What the core may not touch: clocks, randomness, threads, files, log.
IMPURE = re.compile(
    r"#include [<\"]("
    r"thread|mutex|shared_mutex|atomic|condition_variable|future|random|"
    r"fstream|iostream|filesystem|cstdlib|ctime|"
    r"base/(clock|mutex|log)\.h)[>\"]"
)
INCLUDE = re.compile(r"^\s*#\s*include\s+[<\"]([^>\"]+)[>\"]")
NOW = re.compile(r"(\w+)::now\s*\(")
# Deadlines of sockets and lengths of work are steady; instants of people are
# read from Clock, which only base/clock.cc makes.
STEADY = {"http", "engine", "notify", "web", "daemon"}


def sources(root):
    """The .h and .cc files of all folders but build and hidden ones."""
    for folder in sorted(root.iterdir()):
        if not folder.is_dir() or folder.name[0] == "." or folder.name == "build":
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield path.relative_to(root)


def wrapper_of(header):
    """The library of WRAPPED_IN that `header` belongs to, or None."""
    for prefix in WRAPPED_IN:
        if header.startswith(prefix):
            return prefix
    return None


def check_include(path, header, leaky):
    """The reasons why `path` may not include `header`."""
    folder, target = path.parts[0], header.split("/")[0]
    if folder in FREE:
        return
    if target in FREE:
        yield f"includes {header}, which is for tests"
    elif target in LEVELS and target != folder:
        if LEVELS[target] >= LEVELS[folder]:
            yield (
                f"includes {header}: {folder}/ is level {LEVELS[folder]}, "
                f"{target}/ is level {LEVELS[target]}"
            )
        if header in leaky:
            yield f"includes {header}, which brings in {leaky[header]}"
    library = wrapper_of(header)
    if library and folder not in WRAPPED_IN[library]:
        where = ", ".join(sorted(WRAPPED_IN[library])) or "tests"
        yield f"includes <{header}>, which belongs to {where} alone"


def check_line(path, line):
    """The reasons why this line may not stand in `path`."""
    folder = path.parts[0]
    if folder in CORE and IMPURE.search(line):
        yield f"the core is pure: {line.strip()}"
    for clock in NOW.findall(line):
        if path.as_posix() == "base/clock.cc" or folder in FREE:
            continue
        if clock != "steady_clock" or folder not in STEADY:
            yield f"{clock}::now(): only base/clock.cc reads clocks"


def check(root):
    """Yields one sentence a violation."""
    texts = {path: (root / path).read_text().splitlines() for path in sources(root)}
    # Headers that drag a library along are private to their folder.
    leaky = {}
    for path, lines in texts.items():
        for match in filter(None, map(INCLUDE.match, lines)):
            if path.suffix == ".h" and wrapper_of(match[1]):
                leaky[path.as_posix()] = match[1]
    for path, lines in texts.items():
        if path.parts[0] not in LEVELS.keys() | FREE:
            yield f"{path}: folder {path.parts[0]}/ has no level"
            continue
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            reasons = list(check_include(path, match[1], leaky)) if match else []
            for reason in reasons + list(check_line(path, line)):
                yield f"{path}:{number}: {reason}"


def main(arguments):
    root = pathlib.Path(next((a for a in arguments if a[0] != "-"), "."))
    if "--folders" in arguments:
        print(*sorted({path.parts[0] for path in sources(root)}))
        return 0
    violations = list(check(root))
    print(*violations, sep="\n", end="\n" if violations else "")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
