#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the reports of several pim-run calls (pim-run --report) side by side, with the keys in which versions of
one target differ; with --parts and --layers where energy, area and time of each go. docs/reports.md says what the
numbers mean."""

import argparse
import os
import sys

from reporting import charts
from reporting import reports as lib
from reporting.reports import area, count, percent, scaled

ROWS = [
    ("samples", lambda r: count(r["quality"]["samples"])),
    ("top-1 accuracy", lib.accuracy),
    ("values that differ from the reference", lambda r: count(r["quality"].get("mismatched_values"))),
    ("latency of an image", lambda r: scaled(r["cost"]["latency_s"], "s")),
    ("time between images", lambda r: scaled(r["cost"]["interval_s"], "s")),
    ("energy of an image", lambda r: scaled(r["cost"]["energy_j"], "J")),
    ("average power", lambda r: scaled(r["cost"]["average_power_w"], "W")),
    ("area", lambda r: area(r["cost"]["area_mm2"])),
    ("efficiency", lambda r: f"{r['cost']['tops_per_w']:.3g} TOPS/W"),
    ("arrays used", lambda r: count(r["arrays"].get("used"))),
    ("instructions", lambda r: count(r["program"]["instructions"])),
    ("simulated images a second", lambda r: f"{r['simulation']['samples_per_s']:,.0f}"),
]
LAYER_TITLES = ["layer", "operator", "MACs", "arrays", "begin", "latency", "energy", "share", "largest part",
                "differing", "error"]
LAYER_NUMBERS = ("macs", "arrays", "weights", "begin_s", "latency_s", "energy_j")


def headings(paths, reports):
    """The targets' names; those of the files where two would be the same."""
    names = [report["target"].get("name", "?") for report in reports]
    if len(set(names)) == len(names):
        return names
    stems = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    return stems if len(set(stems)) == len(stems) else paths


def part_rows(reports, key, text):
    """Components from the largest down, each with its share; what is nothing everywhere is left out."""
    totals = [sum(report[key].values()) or 1 for report in reports]

    def largest_share(name):
        return max(report[key][name] / total for report, total in zip(reports, totals))
    names = sorted(filter(largest_share, reports[0][key]), key=largest_share, reverse=True)
    return [[f"{key.split('_')[0]} of {name}"] +
            [f"{text(report[key][name])} {100 * report[key][name] / total:5.1f} %"
             for report, total in zip(reports, totals)] for name in names]


def checks(report):
    """What --check found, by the names of layers."""
    return {layer["name"]: layer for layer in report["quality"].get("layers", [])}


def layer_row(layer, energy, check):
    error = check["relative_error"] if check else None
    return [layer["name"], layer["op"], count(layer["macs"]), count(layer["arrays"]), scaled(layer["begin_s"], "s"),
            scaled(layer["latency_s"], "s"), scaled(layer["energy_j"], "J"),
            percent(layer["energy_j"] / energy if energy else None), lib.largest_part(layer["energy_parts_j"]),
            percent(check["mismatched_values"] / check["compared_values"] if check else None),
            "-" if error is None else f"{error:.1e}"]


def chip_rows(names, reports):
    for name, report in zip(names, reports):
        for chip in report["quality"].get("monte_carlo", {"runs": []})["runs"]:
            yield {"report": name, "target": report["target"]["name"], **chip}


def csv_rows(names, reports, by_layer):
    keys = lib.differing_keys(reports)
    for name, report in zip(names, reports):
        parameters = report["target"]["parameters"]
        begin = {"report": name, "target": report["target"]["name"], **{key: parameters.get(key) for key in keys}}
        if not by_layer:
            yield {**begin, **lib.flat(report)}
            continue
        checked = checks(report)
        for layer in report["layers"]:
            yield {**begin, "layer": layer["name"], "op": layer["op"], **{key: layer[key] for key in LAYER_NUMBERS},
                   **{f"energy_j.{part}": layer["energy_parts_j"].get(part, 0) for part in report["energy_j"]},
                   **{f"busy_s.{unit}": value for unit, value in layer["busy_s"].items()}, **checked.get(layer["name"], {})}


def draw(path, names, reports, by_layer):
    """Energy and area of the reports; or energy and time of the layers of each."""
    if not by_layer:
        charts.write_svg(path, [charts.stacked(f"{title} by component", unit,
                                               [(name, report[key]) for name, report in zip(names, reports)])
                                for title, key, unit in (("Energy of an image", "energy_j", "J"),
                                                         ("Area", "area_mm2", "mm2"))])
        return
    drawn = []
    for name, report in zip(names, reports):
        layers = report["layers"]
        drawn.append(charts.stacked(f"{name}: energy of each layer", "J",
                                    [(layer["name"], layer["energy_parts_j"]) for layer in layers]))
        drawn.append(charts.Chart(f"{name}: when each layer is at work", "s",
                                  [(layer["name"], [("from begin to end", layer["begin_s"],
                                                     layer["begin_s"] + layer["latency_s"])]) for layer in layers]))
    charts.write_svg(path, drawn)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="+", metavar="RUN.json")
    parser.add_argument("--parts", action="store_true", help="energy and area by component, with their shares")
    parser.add_argument("--layers", action="store_true", help="a table of the layers of each report")
    parser.add_argument("--csv", action="store_true",
                        help="comma-separated values in SI units, a line for each report, or for each layer with --layers")
    parser.add_argument("--chips", action="store_true",
                        help="with --csv a line for each chip of pim-run --monte-carlo: its seed and accuracy")
    parser.add_argument("--svg", metavar="FILE.svg",
                        help="draw energy and area by component; with --layers energy and time of each layer")
    options = parser.parse_args()
    reports = [lib.load(path) for path in options.reports]
    names = headings(options.reports, reports)
    if options.svg:
        draw(options.svg, names, reports, options.layers)
    if options.csv:
        rows = chip_rows(names, reports) if options.chips else csv_rows(names, reports, options.layers)
        lib.write_csv(list(rows), sys.stdout)
        return
    table = [[""] + names] + [[title] + [cell(report) for report in reports] for title, cell in ROWS]
    if options.parts:
        table += part_rows(reports, "energy_j", lambda value: scaled(value, "J"))
        table += part_rows(reports, "area_mm2", area)
    # Of different chips most keys differ, and say little.
    if len({report["target"].get("name") for report in reports}) == 1:
        table += [[key] + [report["target"]["parameters"].get(key, "-") for report in reports]
                  for key in lib.differing_keys(reports)]
    lib.print_table(table)
    if options.layers:
        for name, report in zip(names, reports):
            print(f"\n{name}")
            checked, energy = checks(report), report["cost"]["energy_j"]
            lib.print_table([LAYER_TITLES] + [layer_row(layer, energy, checked.get(layer["name"]))
                                              for layer in report["layers"]], left=(0, 1, 8))


if __name__ == "__main__":
    lib.run_script("compare-reports.py", main)
