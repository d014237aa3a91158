# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the end-to-end runners share: calling tools, counting results, their command line."""

import argparse
import functools
import json
import os
import resource
import shlex
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DIGITS = os.path.join(ROOT, "examples", "digits")
SHARED_DATA = os.path.normpath(os.path.join(ROOT, "..", "shared", "data"))


class Failure(Exception):
    """A test found something wrong; the text says what."""


def expect(condition, message):
    if not condition:
        raise Failure(message)


class Tools:
    """Calls the tools of one build."""

    def __init__(self, build):
        self.folder = os.path.join(build, "bin")

    @functools.cached_property
    def is_sanitized(self):
        with open(os.path.join(self.folder, "pimc"), "rb") as file:
            return b"__asan_init" in file.read()

    def run(self, tool, *arguments, timeout=3600, memory=None):
        """Returns the completed process; its standard output and error are text. It has `memory`
        bytes of address space, if given, which a sanitizer's shadow memory would not fit."""
        command = [os.path.join(self.folder, tool), *map(str, arguments)]
        bounded = memory and not self.is_sanitized
        try:
            return subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                errors="replace", timeout=timeout,
                preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)))
                if bounded else None)
        except subprocess.TimeoutExpired:
            raise Failure(f"{shlex.join(command)}: no end after {timeout} s") from None

    def succeed(self, tool, *arguments, **options):
        process = self.run(tool, *arguments, **options)
        if process.returncode != 0:
            reason = process.stderr.strip() or process.stdout.strip()[-400:]
            raise Failure(f"{tool} exits {process.returncode}: {reason[:600]}")
        return process


class Results:
    """Runs test functions and remembers how they ended."""

    def __init__(self, suite):
        self.suite = suite
        self.tests = []

    def run(self, name, function, *arguments):
        """Returns what `function` returns, or None when it failed."""
        begin = time.monotonic()
        value, status, detail = None, "passed", ""
        try:
            value = function(*arguments)
        except Failure as failure:
            status, detail = "failed", str(failure)
        except (OSError, KeyError, ValueError, TypeError) as error:
            # A report without a key or a file that is not there is the tool's fault here.
            status, detail = "failed", f"{type(error).__name__}: {error}"
        self._add(name, status, detail, time.monotonic() - begin)
        return value

    def skip(self, name, reason):
        self._add(name, "skipped", reason, 0)

    def _add(self, name, status, detail, seconds):
        self.tests.append({"name": name, "status": status, "detail": detail, "seconds": seconds})
        if status == "failed":
            print(f"FAIL: {self.suite} :: {name}: {detail}", flush=True)

    def count(self, status):
        return sum(test["status"] == status for test in self.tests)

    def finish(self, path=None):
        """Prints the counts, writes `path` for scripts/test.sh, and returns the exit status."""
        if path:
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"suite": self.suite, "tests": self.tests}, file, indent=1)
        print(f"{self.suite}: {self.count('passed')} passed, {self.count('failed')} failed, "
              f"{self.count('skipped')} skipped")
        return 1 if self.count("failed") else 0


def make_parser(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"),
                        help="build folder with bin/ (default: build)")
    parser.add_argument("--full", action="store_true", help="the long version")
    parser.add_argument("--results", metavar="FILE.json", help="write the results there")
    return parser


def scratch():
    """A temporary folder that goes away with the object."""
    return tempfile.TemporaryDirectory(prefix="pim-e2e-")


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)

