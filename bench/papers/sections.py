# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The parts of docs/papers.md: what is measured for each paper, and what there is to say about it."""

import dataclasses

from measure import Workload  # first: it says where the next ones are

import mixed
import models
import vgg8

HEAD = """# The papers, measured

Written by `bench/papers/run.py --build build`; do not edit. Each system is one of `targets/` on the smallest square chip of
it that holds the network, with layers one after another in as few arrays as possible, where tiles that share an array take turns
(`pimc --optimize arrays`); [targets](targets.md) and the files
themselves give the source of every number, [cost model](cost-model.md) the rules. None is tuned to meet a claim. Claims are
those of abstracts and public notes, which name neither baselines nor most assumptions; ours are listed with each table.
*Area* is that of the arrays of the whole network, which layers may share, with their converters or counters, without what a chip has
once. Top-1 is after rounding without
training, so it says what the bits cost as they are, not what the papers reach by training.
"""


def workload(bench, name):
    model = next(model for model in models.MODELS if model.name == name)
    data = models.prepare_dataset(model.dataset, bench.folder)
    calibration = ("--calibrate", data.calibration, "--calibration-samples", 64) \
        if model.calibrates else ()
    return Workload(name, model.path, (*model.preprocess, *model.extra, *calibration), data.images,
                    data.labels)


def bits(weights, inputs):
    return ("--weight-bits", weights, "--activation-bits", inputs)


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def times(value):
    return f"{value:.2g}x" if value < 10 else f"{value:.0f}x"


def percent(share):
    return f"{100 * share:.1f} %" if share is not None else ""


def number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def microjoules(measured):
    return number(1e6 * measured.joules)


def microseconds(measured):
    return number(1e6 * measured.latency)


# Operation units of nine rows, and a converter that takes ten cycles of 1.28 GHz at 2 mW, two and one for each
# bit: the two ways in which public models of ReRAM engines differ most from `reram-xbar`.
NINE_ROWS = {"active_rows": '{value: 9, assumption: "rows that measured macros raise at once"}'}
TEN_CYCLES = ("adc.energy_pj_by_bits=[" + ", ".join(["15.6"] * 10) + "]", "adc.conversion_ns=7.8125")
# A column for positive and one for negative weights, as PRIME has them.
TWO_COLUMNS = {"sign": "differential"}
# Its energy alone.
POWER_OVER_RATE = TEN_CYCLES[:1]
# What a row pair would have to take for the published latency of LeNet-5's convolutions.
SLOW_COUNTER = ("and.cycle_ns=18",)


def components(systems):
    """What each part takes in each of (name, Measured), in uJ; the largest parts first."""
    parts = sorted({part for _, m in systems for part, joules in m.energy.items() if joules > 0},
                   key=lambda part: -max(m.energy.get(part, 0) for _, m in systems))
    rows = [(f"`{part}`", *(number(1e6 * m.energy.get(part, 0)) for _, m in systems)) for part in parts]
    return table(("uJ", *(name for name, _ in systems)), rows)


def reram_systems(bench, load, options, last=("15.6 pJ a conversion", POWER_OVER_RATE)):
    """Analog ReRAM as public models see it, from the most to the least favourable."""
    measure = lambda *more: bench.measure(load, "reram-xbar", options, *more)  # noqa: E731
    return (("`reram-prime`", bench.measure(load, "reram-prime", options)),
            ("`reram-xbar`", measure()),
            ("`reram-xbar`, 9 rows at once", measure(NINE_ROWS)),
            (f"the same, {last[0]}", measure(NINE_ROWS, last[1])))


def with_whole_rows(measured, weights_of_an_output):
    """Joules if every row were sensed, counted and written over all columns of the sub-array."""
    columns, joules = int(measured.report["target"]["parameters"]["array.cols"]), measured.joules
    for layer in measured.report["layers"]:
        if layer["name"] in weights_of_an_output:
            parts = sum(layer["energy_parts_j"][part] for part in ("array", "popcount", "input_write"))
            joules += parts * (columns / weights_of_an_output[layer["name"]] - 1)
    return joules


def lenet_convolutions(bench):
    load = dataclasses.replace(workload(bench, "digits_lenet5"), convolutions=("conv1", "conv2"))
    low = bits(1, 8)
    sot, cmos = bench.measure(load, "sot-and", low), bench.measure(load, "cmos-asic", low)
    analog = (13.5, 5800, 0.06)
    slow = bench.measure(load, "sot-and", low, settings=SLOW_COUNTER)
    systems = [("`sot-and`", (0.85, 900, 0.018), sot), ("`cmos-asic`", (1.6, 700, 0.64), cmos)]
    systems += [(name, analog, measured) for name, measured in
                reram_systems(bench, load, low, ("ten cycles a conversion", TEN_CYCLES))]
    rows = [(name, microjoules(m), f"{energy}", microseconds(m), f"{latency}", f"{m.arrays_area:.3f}",
             f"{area}", m.largest()) for name, (energy, latency, area), m in systems]
    ratios = [(name, times(m.joules / sot.joules), times(energy / 0.85), times(m.latency / sot.latency),
               times(latency / 900)) for name, (energy, latency, _), m in systems[1:]]
    twice = bench.measure(load, "reram-xbar", low, {**NINE_ROWS, **TWO_COLUMNS}, TEN_CYCLES)
    whole = with_whole_rows(sot, {"conv1": 25, "conv2": 150})
    slowed = [(name, times(m.joules / slow.joules), times(m.latency / slow.latency)) for name, _, m in systems[1:]]
    return f"""## One laboratory's table: LeNet-5, convolutions, one-bit weights, 8-bit inputs

Published (Angizi et al., ISVLSI 2019) for SOT-MRAM, SRAM and analog ReRAM; columns called *theirs*.

{table(("system", "uJ", "theirs", "us", "theirs", "mm2", "theirs", "largest parts"), rows)}
Against `sot-and`:

{table(("system", "energy", "theirs", "latency", "theirs"), ratios)}
- Energy of `sot-and` is within a factor of two of theirs, and so is its area, of a sub-array of 256 x 512 or two. Latency is a
  ninth. By component: 784 x 6 x 8 and 100 x 16 x 8 row pairs one after another, 2 ns each (`and.cycle_ns`: decoding, 1 ns of sensing,
  latching), are 101 us, all there is; the inputs, 784 x 8 and 100 x 8 rows of 2 ns, 14 us, are written while the rows before are
  sensed; counting and adding follow in a pipeline. Theirs would be 18 ns a row pair. Sensing and writing cannot take that, at 1 to 2 ns
  each in the same group's devices, so 14 to 16 ns are left for counting: a counter that adds ten or so bits a ns, as the
  serial one of the engine that theirs grew out of, instead of a tree of compressors.
- With 18 ns a row pair (`pim-run --set and.cycle_ns=18`) the same network takes {microjoules(slow)} uJ and {microseconds(slow)} us, both
  within a factor of two; the difference in energy is leakage. Against that: {"; ".join(f"{name} {energy} the energy, {latency} the time" for name, energy, latency in slowed)}.
- The last of these, ten cycles a conversion, is where the published ratios are 16 and 6.4: its energy is between 5 and 16 times that of
  `sot-and` with 18 ns, its latency is short of 6. That latency is the converter's alone: 784 x 8 x 4 x 6 and 100 x 8 x 18 x 16 conversions (positions, input
  bits, sets of at most nine neighbouring rows, columns) of 7.8 ns. So the component that differs is the converter, and it differs by a factor of
  two: with a column for positive and one for negative weights, as PRIME has them, it is asked almost twice as often, and the same network takes
  {microseconds(twice)} us and {microjoules(twice)} uJ, {times(twice.latency / slow.latency)} the time and {times(twice.joules / slow.joules)} the energy. Energy follows latency: {100 * twice.energy["leakage"] / twice.joules:.0f} % of it is leakage while the converter
  works.
- The energy of `sot-and` counts the columns that hold weights, 25 and 150 of 512, on both kinds of array; earlier figures of this page charged `and`
  arrays for whole rows. A sub-array that senses and writes whole
  rows would take {1e6 * whole:.2f} uJ.
- SRAM against SOT-MRAM comes out nearly as published in energy: a row read costs twice what a row sensed does. Their
  area is many times ours, so it must hold more than the weights in use.
- Analog ReRAM is where models part. With all rows at once and converters priced by the survey fit, it is as good as digital
  SOT-MRAM: one-bit weights leave 6 and 16 columns to convert. Raising nine rows at a time, as measured macros
  do, multiplies conversions: each column is converted once for each set of nine. MNSIM has the same
  converter busy for bits + 2 cycles where ISAAC's gives a result each cycle: ten times the time and, at the same power, eight times the energy
  of a conversion. With both, energy and latency come near the published ones. So the component that decides is the
  converter: how often it is asked, and how long it takes.

Energy by component:

{components([("`sot-and`", sot), *((name, m) for name, _, m in systems[1:])])}
- The six-bit amplifiers of `reram-prime` lose what the network computes: top-1 is {percent(systems[2][2].top1)}. It is listed because papers
  compare with it.
"""


def low_bit_networks(bench):
    rows = []
    for name in ("digits_lenet5", "mnist_8", "cifar10_resnet20"):
        load = workload(bench, name)
        for weights, inputs in ((1, 4), (1, 8), (2, 2)):
            options = bits(weights, inputs)
            sot = bench.measure(load, "sot-and", options)
            row = [name, f"{weights}:{inputs}", percent(sot.top1), microjoules(sot), microseconds(sot)]
            baselines = [m for _, m in reram_systems(bench, load, options)]
            baselines.append(bench.measure(load, "cmos-asic", options))
            space = sot.latency * sot.arrays_area
            row += [f"{times(m.joules / sot.joules)}, {times(m.latency / sot.latency)}, "
                    f"{times(m.latency * m.arrays_area / space)}" for m in baselines]
            rows.append(row)
    columns = ("network", "W:I", "top-1", "uJ", "us", "PRIME-like", "all rows", "9 rows",
               "9 rows, 15.6 pJ", "CMOS")
    return f"""## AND-accumulation in SOT-MRAM, for supplies that fail

Claimed: 5.4 times the energy efficiency and 9 times the speed of ReRAM engines, 9.7 and 13.5 times those of CMOS. Energy, latency, and
latency times area of baselines over those of `sot-and`, on the same network with the same bits:

{table(columns, rows)}
- ReRAM, energy: the claim lies between the two prices of a conversion, so it follows from the choice of baseline.
- ReRAM, speed: an `and` array takes a row pair for each bit of each weight and input bit, 2 ns each; an array of ReRAM gives all
  columns in the time of its converter, and only falls behind where few rows are raised at a time: by 1.9 to 5.2 times with nine
  rows. A converter that is busy for ten cycles, as 15.6 pJ at its power imply, makes that seven times more (29 times instead of 4.3 for the convolutions of LeNet-5
  above); the claimed 9 lies between. So here, too, the converter decides.
- CMOS, energy: not reached. Row for row, `cmos-asic` reads 512 bits of SRAM for 51.7 pJ where `sot-and` senses two rows for
  21.8 pJ; the rest is weights and feature maps from LPDDR4 (`global_memory`, 264 of 732 nJ for the convolutions of LeNet-5). Both differ by factors
  of two and six, so 9.7 takes a baseline that has all of its operands from DRAM for each use, or a node several generations older.
- CMOS, speed: not reached. `cmos-asic` reads a row in 1 ns where sensing two takes 2 ns, so it is twice as fast with as many arrays, and its area,
  1.7 times as large, does not make up for that. A YodaNN-class chip has some thousand adders where this one has an AND gate under each of
  512 columns of every array. The claim is for equal area and a baseline that is not named.
- What failing supplies cost is in [power failures](power-failures.md) and [how often to commit](power-intervals.md).
- Weights of one or two bits by rounding alone ruin the accuracy of a network of this depth; the papers train with these bits. Energy
  and time of the arrays do not depend on it.
"""


def compressed(bench):
    load = workload(bench, "cifar10_resnet20")
    dense = bench.measure(load, "sot-and", bits(8, 8))
    steps = (("8:8, dense", bits(8, 8)), ("4:4, dense", bits(4, 4)), ("2:4, dense", bits(2, 4)),
             ("8:8, half of the columns pruned", (*bits(8, 8), "--prune", "column=0.5;#0:none;#-1:none")),
             ("8:8, half of the filters pruned", (*bits(8, 8), "--prune", "filter=0.5;#0:none;#-1:none")),
             ("4:4, both", (*bits(4, 4), "--prune", "column=0.5,filter=0.5;#0:none;#-1:none")))
    rows = []
    for name, options in steps:
        m = bench.measure(load, "sot-and", options)
        rows.append((name, f"{m.arrays}", microjoules(m), microseconds(m),
                     times(dense.joules / m.joules), times(dense.latency / m.latency), percent(m.top1)))
    return f"""## Compression for SOT-MRAM with ADMM

Claimed: smaller footprint and power, more frames a second; no number is public. `cifar10_resnet20` on `sot-and`, each factor alone and
together, against eight bits without pruning:

{table(("network", "arrays", "uJ", "us", "energy", "speed", "top-1"), rows)}
- Row pairs are the product of both widths, so bits count twice; pruned filters leave rows, pruned columns leave columns. Pruning
  columns saves energy and arrays but hardly time: a row pair takes as long with half of its columns.
- Papers of this family state one product of pruning, bits and sign scheme against 32 bits. Here the factors stand apart, and the
  dense network has eight bits.
- Pruning here is a projection without training; `pim-compress` trains ([compression](compression.md)).
"""


def squeezed(bench):
    rows = []
    code = ("--weight-code", "window:3")
    steps = (("slices side by side", "reram-xbar", ()), ("planes in arrays, signs apart", "reram-sme", code),
             ("one plane squeezed out", "reram-sme", (*code, "--squeeze", "1")),
             ("two planes squeezed out", "reram-sme", (*code, "--squeeze", "2")))
    for name in ("cifar10_resnet20", "imagenet_mobilenetv2_int8_qdq"):
        load = workload(bench, name)
        for step, target, options in steps:
            m = bench.measure(load, target, options)
            first = bench.measure(load, *steps[0][1:])
            arrays = m.mapped["arrays"]
            rows.append((name, step, f"{arrays['used']}", times(first.arrays / m.arrays),
                         times(arrays["dense_16_bits"] / m.arrays), microjoules(m), microseconds(m),
                         percent(m.top1)))
    return f"""## Bit sparsity and squeeze-out (SME)

Claimed: 8.7 times fewer crossbars for ResNet-50 and 2.1 times fewer for MobileNet-v2 than an unnamed state of the art, less than
0.3 points lost on ImageNet. Arrays of 128 x 128 one-bit cells against eight-bit weights in neighbouring columns, and against
sixteen bits as in ISAAC:

{table(("network", "step", "arrays", "fewer", "than 16 bits", "uJ", "us", "top-1"), rows)}
- Not reached: these networks need more arrays with the scheme, not fewer. Planes of signed weights in arrays of their own come
  twice, once for each sign, and a plane of a layer with fewer outputs than columns fills its array in part, where
  eight slices side by side share one. Each plane has a converter of its own, but small rectangles packed into few arrays take turns, so
  they are not faster.
- Squeeze-out itself frees a plane of eight for each one asked for, as the scheme says, where arrays are full. From it alone 8/7 or
  8/6 can follow, so 8.7 times contains the bits of the baseline, its cells and pruning.
  [Mapping](mapping.md) and `bench/arrays/run.py` take the steps apart for five networks.
"""


def estimates(bench):
    model, images = vgg8.write(bench.folder)
    load = Workload("VGG-8", model, ("--calibrate", images, "--rounding", "nearest"), images, None)
    rows = []
    for target in ("reram-xbar", "sot-xbar", "sot-and"):
        m = bench.measure(load, target)
        rows.append((f"`{target}`", f"{m.arrays}", microseconds(m), microjoules(m), m.largest(4),
                     *(f"{seconds:.2f} s" for seconds in m.seconds)))
    analog = bench.measure(load, "reram-xbar")
    first = next(layer["latency_s"] for layer in analog.report["layers"] if layer["name"] == "conv1")
    fast = bench.measure(load, "reram-xbar", ("--optimize", "latency"))
    return f"""## VGG-8, eight bits

NeuroSim's example network on images of 32 x 32 (13 million weights, 0.6 billion products), analog arrays of 128 x 128. Published
estimates of other tools for it lie between 75 us and 5.2 ms, and between 37 uJ and 4.5 mJ.

{table(("system", "arrays", "us", "uJ", "largest parts", "`pimc`", "`pim-run`"), rows)}
- Latency is that of layers one after another, in as few arrays as possible: of that of `reram-xbar`, {1e6 * first:,.0f} us are the first
  layer's, whose tiles of 27 rows lie below each other in an array and take turns, each at 1,024 output positions with 8 steps that wait for
  one converter. With arrays of their own, and layers that overlap (`pimc --optimize latency`), the network takes {fast.arrays} arrays,
  {microseconds(fast)} us and {microjoules(fast)} uJ. Tools at the low end copy the first layers as well, as `pimc --optimize throughput
  --array-budget` does.
- Analog energy is that of converters where cells are ReRAM, and of the cells where they are SOT-MRAM of 10 and 20.4 kOhm. Tools at the
  high end count buffers and interconnect of a chip that streams all feature maps.
- The last two columns are seconds of one processor: `pimc` quantizes and maps 13 million weights, `pim-run` prices the program
  and simulates one image: {sum(analog.seconds):.2f} s together for `reram-xbar`. Other numbers of the target (`--set`) take `pim-run` alone.
  The weights are random, so they are rounded to the nearest (`--rounding nearest`): adaptive rounding, the default with samples, takes many
  times as long and changes none of these costs.
"""


HOST_PARTS = ("host_mac", "host_cache", "host_dram", "host")


def mixed_systems(bench):
    """Network, processor alone, with co-processor."""
    for load, sizes in mixed.workloads(bench.folder):
        room = f'{{value: {mixed.arrays_for(sizes)}, assumption: "as many as the classifier takes"}}'
        yield load, bench.measure(load, "cpu"), bench.measure(load, "imac-14nm", keys={"arrays": room})


def host_parts(measured):
    parameters = measured.report["target"]["parameters"]
    memory = measured.energy["host_dram"] / (1e-12 * float(parameters["host.dram_pj_per_byte"]))
    rest = sum(joules for part, joules in measured.energy.items() if part not in HOST_PARTS)
    return (*(number(1e6 * measured.energy[part]) for part in HOST_PARTS), number(1e6 * rest),
            f"{1e-6 * memory:.1f}")


def cpu_with_classifier(bench):
    rows, parts = [], []
    for load, alone, pair in mixed_systems(bench):
        analog = next(layer for layer in pair.report["layers"] if layer["op"] == "analog_layers")
        rows.append((load.name, microjoules(alone), microjoules(pair),
                     percent(1 - pair.joules / alone.joules), microseconds(alone), microseconds(pair),
                     f"{pair.arrays}", number(1e9 * analog["energy_j"]),
                     ", ".join(percent(m.top1) for m in (alone, pair)) if alone.top1 is not None else ""))
        parts += [(load.name, "alone", *host_parts(alone)), (load.name, "with arrays", *host_parts(pair))]
    return f"""## CPU with analog classifier (IMAC)

Claimed: 6.5 % of the energy of LeNet and 10 % of that of a VGG saved against the CPU alone. `cpu` against `imac-14nm`: the same
processor, the same network in float, with its ternary classifier on the processor or in arrays of 32 x 32 weights ([analog
layers](imac.md)). Neither processor nor VGG of the paper is public.

{table(("network", "uJ alone", "uJ with arrays", "saved", "us alone", "us with arrays", "arrays", "nJ of the arrays", "top-1"), rows)}
Where the energy goes, in uJ, and the megabytes that come from memory:

{table(("network", "system", "arithmetic", "caches", "memory", "power x time", "co-processor", "MB"), parts)}
- Traffic: products in blocks that fit each level ([cost model](cost-model.md#the-hosts-memory)). LeNet-5's 247 kB of weights stay in the
  512 KB of last-level cache; those of VGG come from memory for each image. A convolution uses a weight for every position, a fully
  connected layer once, so its share of the bytes is larger than that of the products.
- LeNet-5: the classifier has 14 % of the products, and two thirds of what the caches take go with it. A processor that pays for products and
  bytes alone saves at least the products' share, so the paper's 6.5 % must hold costs that both systems have and that are neither; its
  processor is not public.
- VGG: which classifier decides. 0.27 of 15 million weights save next to nothing, 19 of 34 million a quarter; 8.4 of 13 million save 8 % where
  the convolutions have four times as many products for each of their weights. The claim lies between.
- The arrays themselves take the worst case of currents for a nanosecond a layer; most of the co-processor's part is the leakage of its logic
  while the processor computes the convolutions. Ten times its amplifiers' power would not change a share by a point.
- Weights of VGG are random: costs do not depend on them, accuracy is not claimed. Accuracy of LeNet-5 is that of its ternary
  classifier, trained behind the frozen convolutions of `lenet5.onnx` (`examples/digits/train-analog.cpp`).
"""


SECTIONS = {"lenet": lenet_convolutions, "low-bits": low_bit_networks, "compressed": compressed,
            "squeezed": squeezed, "estimates": estimates, "mixed": cpu_with_classifier}
