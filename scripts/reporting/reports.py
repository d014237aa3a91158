# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the scripts that read reports of pim-run share: reading, numbers as text, tables, rows for CSV."""

import csv
import json
import os
import sys


class ReportError(Exception):
    """A file is no report; the text says why."""


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ReportError(f"{path}: is no JSON: {error}") from None
    schema = report.get("schema") if isinstance(report, dict) else None
    if schema != "pim-run/1":
        raise ReportError(f"{path}: is of schema {schema or 'none'}, expected a report of pim-run --report (pim-run/1)")
    return report


def scaled(value, unit, prefixes=("", "m", "u", "n", "p", "f")):
    """A number with the prefix that leaves 1 to 999 before the point."""
    if value is None:
        return "-"
    if value == 0:
        return f"0 {unit}"
    prefix = 0
    while abs(value) < 0.9995 and prefix + 1 < len(prefixes):
        value *= 1000
        prefix += 1
    return f"{value:.3g} {prefixes[prefix]}{unit}"


def area(value):
    return f"{value:.3g} mm2"


def count(value):
    return "-" if value is None else f"{value:,}"


def percent(value):
    return "-" if value is None else f"{100 * value:.2f} %"


def accuracy(report):
    """Top-1, of many chips with the deviation of one."""
    chips = report["quality"].get("monte_carlo")
    deviation = f" +- {100 * chips['top1']['standard_deviation']:.2f}" if chips else ""
    return percent(report["quality"].get("top1")) + deviation


def largest_part(parts):
    """The component that takes most, with its share."""
    total = sum(parts.values())
    if total == 0:
        return "-"
    name = max(parts, key=parts.get)
    return f"{name} {100 * parts[name] / total:.0f} %"


def differing_keys(reports):
    """Keys of the targets that have not the same value everywhere."""
    parameters = [report["target"].get("parameters", {}) for report in reports]
    keys = sorted(set().union(*parameters) - {"description"})
    return [key for key in keys if len({values.get(key) for values in parameters}) > 1]


def flat(report):
    """The numbers of a report by name, in SI units: quality, costs, parts."""
    quality = report["quality"]
    row = {key: quality.get(key) for key in ("samples", "top1", "top5", "mismatched_values")}
    chips = quality.get("monte_carlo")
    row["top1_standard_deviation"] = chips["top1"]["standard_deviation"] if chips else None
    row.update(report["cost"])
    row["arrays_used"] = report["arrays"].get("used")
    for group in ("energy_j", "area_mm2"):
        row.update((f"{group}.{name}", value) for name, value in report[group].items())
    return row


def write_csv(rows, file):
    """Dictionaries as lines; the columns are all keys in the order in which they occur."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def print_table(rows, left=(0,)):
    """Columns as wide as they need to be; those of `left` begin at the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) if i in left else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


def run_script(name, main):
    """Calls `main` and ends the script: errors are one line, a reader that goes away is none."""
    try:
        status = main()
        sys.stdout.flush()
    except ReportError as error:
        sys.exit(f"{name}: error: {error}")
    except BrokenPipeError:
        # Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        sys.exit(f"{name}: error: {error.filename + ': ' if error.filename else ''}{error.strerror}")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(status)
