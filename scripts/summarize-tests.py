#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts the tests of one run of scripts/test.sh from the files that its steps wrote.

Prints the failures and, last, `N passed, N failed, N skipped`. A step that left no file counts as one
failure, so a runner that crashes cannot pass for success.
"""

import argparse
import glob
import json
import os
import sys
import xml.etree.ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_LIT = {"PASS": PASSED, "XFAIL": PASSED, "FLAKYPASS": PASSED, "UNSUPPORTED": SKIPPED,
        "SKIPPED": SKIPPED, "EXCLUDED": SKIPPED}


def lit_tests(path):
    with open(path, encoding="utf-8") as file:
        for test in json.load(file)["tests"]:
            yield test["name"], _LIT.get(test["code"], FAILED)


def gtest_tests(folder):
    """Cases of the programs that wrote a JSON file, the whole program for the others."""
    reported = set()
    for path in sorted(glob.glob(os.path.join(folder, "gtest", "*.json"))):
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        reported.add(os.path.splitext(os.path.basename(path))[0])
        for suite in report["testsuites"]:
            for test in suite["testsuite"]:
                skipped = test["result"] in ("SKIPPED", "SUPPRESSED") or test["status"] == "NOTRUN"
                status = FAILED if test.get("failures") else SKIPPED if skipped else PASSED
                yield f"{suite['name']}.{test['name']}", status
    for case in xml.etree.ElementTree.parse(os.path.join(folder, "ctest.xml")).iter("testcase"):
        name = case.get("name")
        if name not in reported:
            skipped = case.find("skipped") is not None
            failed = case.find("failure") is not None or case.get("status") == "fail"
            yield name, FAILED if failed else SKIPPED if skipped else PASSED


def e2e_tests(path):
    with open(path, encoding="utf-8") as file:
        results = json.load(file)
    for test in results["tests"]:
        yield f"{results['suite']} :: {test['name']}", test["status"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--form", metavar="NAME=passed|failed", action="append", default=[],
                        help="result of a check of the sources")
    parser.add_argument("--e2e", metavar="SUITE", action="append", default=[],
                        help="an end-to-end suite, whose results are in e2e-SUITE.json")
    options = parser.parse_args()
    folder = options.folder

    def file(name):
        return os.path.join(folder, name)
    steps = {"form": lambda: [tuple(check.split("=", 1)) for check in options.form],
             "lit": lambda: lit_tests(file("lit.json")),
             "GoogleTest": lambda: gtest_tests(folder)}
    if os.path.exists(file("lit-roundtrip.json")):
        steps["lit --verify-roundtrip"] = lambda: lit_tests(file("lit-roundtrip.json"))
    for suite in options.e2e:
        steps[f"e2e {suite}"] = lambda suite=suite: e2e_tests(file(f"e2e-{suite}.json"))

    totals = {PASSED: 0, FAILED: 0, SKIPPED: 0}
    for step, read in steps.items():
        try:
            tests = list(read())
        except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
            tests = [(f"{step} left no results ({error})", FAILED)]
        counts = {status: sum(found == status for _, found in tests) for status in totals}
        print(f"{step:24}" + "".join(f"{counts[status]:6} {status}" for status in totals))
        for name, status in tests:
            if status == FAILED:
                print(f"  failed: {name}")
        for status in totals:
            totals[status] += counts[status]
    print(f"{totals[PASSED]} passed, {totals[FAILED]} failed, {totals[SKIPPED]} skipped")
    return 1 if totals[FAILED] else 0


if __name__ == "__main__":
    sys.exit(main())
