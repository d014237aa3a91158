#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the commands of the documentation and compares what they print with what the page shows.

Every ```sh block of a page whose commands begin with build/bin/, or with a script that runs those tools or
reads their reports, runs, in order and in one scratch folder. A ```text or ```mlir block that follows shows an
excerpt: its lines must occur in that order in what the block printed. In a line, … stands for anything; a line of … alone is for the reader."""

import os
import re
import shlex
import subprocess
import sys

import harness
from harness import ROOT, expect

PAGES = ("docs/tutorial.md", "docs/mapping.md", "docs/compression.md", "docs/imac.md", "docs/quantization.md",
         "docs/sweeps.md", "examples/digits/README.md")
BEGINNINGS = ("build/bin/", "scripts/sweep.py", "scripts/compare-reports.py")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(text):
    """Yields (script, excerpts that follow it) of a page."""
    script, excerpts = None, []
    for language, content in FENCE.findall(text):
        if language == "sh":
            if script:
                yield script, excerpts
            script, excerpts = (content, []) if content.startswith(BEGINNINGS) else (None, [])
        elif script and language in ("text", "mlir"):
            excerpts.append(content)
    if script:
        yield script, excerpts


def pattern_of(line):
    """Runs of blanks are equal, … is anything."""
    words = [re.escape(" ".join(part.split())) for part in line.split("…")]
    return re.compile(".*".join(words))


def check_excerpt(excerpt, printed):
    lines = [" ".join(line.split()) for line in printed.split("\n")]
    position = 0
    for shown in filter(None, (line.strip() for line in excerpt.split("\n"))):
        if shown == "…":
            continue
        pattern = pattern_of(shown)
        found = next((i for i in range(position, len(lines)) if pattern.search(lines[i])), None)
        expect(found is not None, f"the page shows a line that is not printed there: {shown}")
        position = found + 1


def run_example(script, excerpts, build, folder):
    # A page names files from the root of the repository; what it makes goes to the scratch folder.
    prepared = script.replace("build/bin/", shlex.quote(os.path.join(build, "bin")) + "/")
    process = subprocess.run(["sh", "-e", "-c", prepared], cwd=folder, text=True,
                             stdin=subprocess.DEVNULL, capture_output=True, check=False)
    expect(process.returncode == 0,
           f"exit status {process.returncode}: {(process.stderr or process.stdout).strip()[-400:]}")
    for excerpt in excerpts:
        check_excerpt(excerpt, process.stdout + process.stderr)


def main():
    options = harness.make_parser(__doc__).parse_args()
    results = harness.Results("docs")
    for page in PAGES:
        with open(os.path.join(ROOT, page), encoding="utf-8") as file:
            text = file.read()
        with harness.scratch() as folder:
            for name in ("examples", "scripts", "targets"):
                os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
            os.symlink(os.path.abspath(options.build), os.path.join(folder, "build"))
            for number, (script, excerpts) in enumerate(examples(text), 1):
                results.run(f"{page}, example {number}", run_example, script, excerpts,
                            os.path.abspath(options.build), folder)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
