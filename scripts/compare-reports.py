#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the reports of several pim-run calls (pim-run --report) side by side.

usage: compare-reports.py RUN.json...
"""

import json
import sys


def scaled(value, unit, prefixes=("", "m", "u", "n", "p")):
    """A number with the prefix that leaves 1 to 999 before the point."""
    if value is None:
        return "-"
    for prefix in prefixes:
        if abs(value) >= 1:
            break
        value *= 1000
    return f"{value:.3g} {prefix}{unit}"


def count(value):
    return "-" if value is None else f"{value:,}"


def percent(value):
    return "-" if value is None else f"{100 * value:.2f} %"


ROWS = [
    ("samples", lambda r: count(r["quality"]["samples"])),
    ("top-1 accuracy", lambda r: percent(r["quality"].get("top1"))),
    ("values that differ from the reference", lambda r: count(r["quality"].get("mismatched_values"))),
    ("latency of an image", lambda r: scaled(r["cost"]["latency_s"], "s")),
    ("energy of an image", lambda r: scaled(r["cost"]["energy_j"], "J")),
    ("average power", lambda r: scaled(r["cost"]["average_power_w"], "W")),
    ("area", lambda r: f"{r['cost']['area_mm2']:.3g} mm2"),
    ("efficiency", lambda r: f"{r['cost']['tops_per_w']:.3g} TOPS/W"),
    ("arrays used", lambda r: count(r["arrays"].get("used"))),
    ("instructions", lambda r: count(r["program"]["instructions"])),
    ("simulated images a second", lambda r: f"{r['simulation']['samples_per_s']:,.0f}"),
]


def main(paths):
    reports = [json.load(open(path, encoding="utf-8")) for path in paths]
    table = [[""] + [report["target"].get("name", "?") for report in reports]]
    for title, cell in ROWS:
        table.append([title] + [cell(report) for report in reports])
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))))


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        sys.exit(0 if len(sys.argv) == 2 else 2)
    main(sys.argv[1:])
