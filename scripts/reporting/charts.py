# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Charts of horizontal bars as SVG: stacked parts from zero, or spans in time."""

import math
from xml.sax.saxutils import escape

from reporting.reports import area, scaled

# Told apart with any kind of colour vision, after Okabe and Ito; parts beyond these are one, "other".
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#444444")
OTHER = "#bbbbbb"
FONT = 12
LETTER = 7  # mean width
BAR, GAP = 16, 6
WIDTH = 640


class Chart:
    """`bars`: a label and segments (name, begin, end) each, in units of `unit`."""

    def __init__(self, title, unit, bars):
        self.title, self.unit, self.bars = title, unit, bars
        totals = {}
        for _, segments in bars:
            for name, begin, end in segments:
                totals[name] = totals.get(name, 0) + end - begin
        ranked = sorted(filter(totals.get, totals), key=totals.get, reverse=True)
        self.shown = ranked if len(ranked) <= len(COLOURS) else ranked[:len(COLOURS) - 1]
        self.has_other = len(self.shown) < len(ranked)
        self.colours = {}  # by name

    def choose_colours(self, usual):
        """Takes the colours that `usual` has for the names, chooses the others and adds them there."""
        for name in self.shown:
            if name in usual and usual[name] not in self.colours.values():
                self.colours[name] = usual[name]
        free = [colour for colour in COLOURS if colour not in self.colours.values()]
        free.sort(key=lambda colour: colour in usual.values())  # stable: new ones first
        for name in self.shown:
            if name not in self.colours:
                self.colours[name] = free.pop(0)
                usual.setdefault(name, self.colours[name])

    def text(self, value):
        return area(value) if self.unit == "mm2" else scaled(value, self.unit)

    def draw(self, left, top):
        """The elements of the chart at this place, and its height."""
        elements = [f'<text x="{left}" y="{top + FONT}" font-weight="bold">{escape(self.title)}</text>']
        most = max((end for _, segments in self.bars for _, _, end in segments), default=0) or 1
        y = top + 2 * FONT
        for tick in ticks(most):
            x = left + WIDTH * tick / most
            bottom = y + len(self.bars) * (BAR + GAP) + GAP
            elements.append(f'<line x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{bottom}" stroke="#dddddd"/>')
            elements.append(f'<text x="{x:.1f}" y="{bottom + FONT}" text-anchor="middle">{self.text(tick)}</text>')
        y += GAP
        for label, segments in self.bars:
            middle = y + BAR - 4
            elements.append(f'<text x="{left - 8}" y="{middle}" text-anchor="end">{escape(label)}</text>')
            for name, begin, end in segments:
                if end > begin:
                    elements.append(
                        f'<rect x="{left + WIDTH * begin / most:.2f}" y="{y}" width="{WIDTH * (end - begin) / most:.2f}" '
                        f'height="{BAR}" fill="{self.colours.get(name, OTHER)}">'
                        f'<title>{escape(f"{label}, {name}: {self.text(end - begin)}")}</title></rect>')
            y += BAR + GAP
        y += 2 * FONT
        x = left
        named = [(name, self.colours[name]) for name in self.shown]
        for name, colour in [*named, *([("other", OTHER)] if self.has_other else [])]:
            width = 20 + LETTER * len(name) + 12
            if x > left and x + width > left + WIDTH:
                x, y = left, y + BAR + 2
            elements.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
            elements.append(f'<text x="{x + 16}" y="{y + 10}">{escape(name)}</text>')
            x += width
        return elements, y + BAR + FONT - top


def ticks(most):
    """Four to nine round numbers from 0 to `most`."""
    step = 10 ** math.floor(math.log10(most))
    for divisor in (1, 2, 5, 10):
        if most / (step / divisor) >= 4:
            step /= divisor
            break
    return [step * i for i in range(int(most / step * (1 + 1e-9)) + 1)]


def stacked(title, unit, bars):
    """A chart of `bars`, each a label and a dictionary of parts that lie one after another, largest first."""
    totals = {}
    for _, parts in bars:
        for name, value in parts.items():
            totals[name] = totals.get(name, 0) + value
    order = sorted(totals, key=totals.get, reverse=True)
    placed = []
    for label, parts in bars:
        segments, end = [], 0
        for name in order:
            begin, end = end, end + parts.get(name, 0)
            segments.append((name, begin, end))
        placed.append((label, segments))
    return Chart(title, unit, placed)


def write_svg(path, charts):
    """The charts below one another in one file."""
    left = 24 + LETTER * max((len(label) for chart in charts for label, _ in chart.bars), default=0)
    elements, top = [], 8
    usual = {}  # a name has one colour in all of them
    for chart in charts:
        chart.choose_colours(usual)
        drawn, height = chart.draw(left, top)
        elements += drawn
        top += height + FONT
    width = left + WIDTH + 48
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" viewBox="0 0 {width} {top}" '
                   f'font-family="sans-serif" font-size="{FONT}">\n<rect width="100%" height="100%" fill="white"/>\n')
        file.write("\n".join(elements) + "\n</svg>\n")
