#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the systems of the papers and their baselines on the same networks and writes docs/papers.md:
what they claim, what comes out here, and why the two differ.

Every system is one of targets/, on the smallest square chip of it that holds the network, layers one after
another. No number of a target is changed to meet a claim; where one is changed to show what it does, the
table says so."""

import argparse
import os
import sys
import tempfile

import sections
from measure import ROOT, Bench


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--limit", type=int, default=200, help="images that top-1 is taken from")
    parser.add_argument("--section", choices=sections.SECTIONS, action="append",
                        help="print only this one (repeatable) and write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pim-papers-") as folder:
        bench = Bench(options.build, folder, options.limit)
        names = options.section or sections.SECTIONS
        text = [sections.SECTIONS[name](bench) for name in names]
    if options.section:
        print("\n".join(text))
        return
    with open(os.path.join(ROOT, "docs", "papers.md"), "w", encoding="utf-8") as file:
        file.write("\n".join([sections.HEAD, *text]))


if __name__ == "__main__":
    sys.exit(main())
