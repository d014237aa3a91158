//===- Passes.td - mapping passes of the pim dialect -------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_TRANSFORMS_PASSES_TD
#define PIM_DIALECT_PIM_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def PimAssignHostPass : Pass<"pim-assign-host", "ModuleOp"> {
  let summary = "Choose between vector unit and host";
  let description = [{
    A layer without arrays goes to the host where that takes less time by the target's numbers: calls
    with their latency, operations and bytes (docs/cost-model.md) against the longer of vector unit and
    copies. A layer next to one of the host, or between two, shares its call. As long as it saves time,
    the set of layers that saves most becomes one host layer. Each layer without arrays keeps the
    estimates for both in `pim.estimate`. Without the module attribute `pim.target` nothing is done.
  }];
  let options = [
    Option<"units", "vector-layers", "::mlir::pim::VectorLayers", "::mlir::pim::VectorLayers::Auto",
           "where layers without arrays run", [{llvm::cl::values(
      clEnumValN(::mlir::pim::VectorLayers::Auto, "auto", "where they take less time"),
      clEnumValN(::mlir::pim::VectorLayers::Chip, "chip", "on the vector unit, as far as they have a form there"),
      clEnumValN(::mlir::pim::VectorLayers::Host, "host", "on the host"))}]>
  ];
  let statistics = [Statistic<"numMoved", "moved", "layers moved to the host">];
  let dependentDialects = ["::mlir::pim::PIMDialect"];
}

def PimLegalizePruningPass : Pass<"pim-legalize-pruning", "ModuleOp"> {
  let summary = "Recognize what the zeros of layers follow";
  let description = [{
    Keeps in `pim.pattern` of every `pim.conv2d` with a tenth of zeros or more the tightest pattern that
    explains most of them (filter, column, channel, kernel pattern, block, N:M, ..., or none), and the
    share of zeros. With `required`, patterns by layer as `pimc --prune` takes them, refuses layers whose
    weights do not follow theirs. What the zeros save is the same whatever they follow: `pim-tile`
    leaves out every row, output, plane and tile that is empty.
  }];
  let options = [
    Option<"required", "required", "std::string", "\"\"", "patterns that layers must follow, by layer">
  ];
  let statistics = [Statistic<"numRecognized", "recognized", "layers with zeros">];
}

def PIM_ObjectiveValues {
  string text = [{llvm::cl::values(
    clEnumValN(::mlir::pim::Objective::Arrays, "arrays", "fewest arrays and cores, layer after layer"),
    clEnumValN(::mlir::pim::Objective::Throughput, "throughput", "shortest interval between images"),
    clEnumValN(::mlir::pim::Objective::Latency, "latency", "shortest time of one image"),
    clEnumValN(::mlir::pim::Objective::Energy, "energy", "a pipeline without copies"))}];
}

def PimBitSlicePass : Pass<"pim-bit-slice", "ModuleOp"> {
  let summary = "Choose the cells that hold each weight's bits";
  let description = [{
    Gives every `pim.conv2d` its `#pim.slicing`: the weight bits of the op over the cells of the
    target, in the target's sign scheme and layout. The input width is the smallest that holds the
    range of the activations, found by following rescales, clamps and pools back to their producers.
    Exact. Refuses weights that do not fit the op's `weight_bits`.

    With `fragment-rows`, layers whose weights have one sign in all rows of each such fragment of an
    output are `polarized`: magnitudes in one set of cells, and a sign for each fragment.

    Assumes layers (`pim-form-layers`) and the module attribute `pim.target`.
  }];
  let options = [
    Option<"weightBits", "weight-bits", "unsigned", "0", "bits of every weight, instead of what the op says">,
    Option<"fragmentRows", "fragment-rows", "int64_t", "0", "rows that may share a sign; 0: none do">
  ];
  let statistics = [Statistic<"numSliced", "sliced", "convolutions sliced">,
                    Statistic<"numPolarized", "polarized", "convolutions with a sign for each fragment">];
}

def PimTilePass : Pass<"pim-tile", "ModuleOp"> {
  let summary = "Cut the matrix of each layer into arrays";
  let description = [{
    Gives every sliced `pim.conv2d` its `#pim.tiling`. The matrix of a group has
    kernel_rows*kernel_cols*channels rows; an array takes as many of them as the target's matrix
    rows, and as many outputs as fit its columns with their slices. Small groups are packed along
    the diagonal of one array.

    Zeros are left out: outputs without weights, rows that no output of an array weighs, planes
    without ones where each has an array of its own (a plane may have fewer rows than the others),
    and with them whole tiles. Outputs that weigh the same rows are put next to each other where
    that saves arrays. Exact.
  }];
  let statistics = [Statistic<"numArrays", "arrays", "arrays that the tilings ask for">,
                    Statistic<"numClustered", "clustered", "arrays saved by the order of outputs">];
}

def PimSqueezeOutPass : Pass<"pim-squeeze-out", "ModuleOp"> {
  let summary = "Free the top planes of tiles";
  let description = [{
    For layers whose planes have arrays of their own. To take x planes from a block of rows and
    outputs, rows with a weight that needs them are stored shifted right by x, and their inputs come
    x bit-steps late, so that they count 2^x times; where every row moves, the block as a whole
    counts 2^x times instead, at no cost in time. What falls out at the bottom is lost: less than
    2^x of a weight, nothing where those bits are zero. The loss of each layer (squared error over
    squared weights) is kept in `pim.squeeze`, and the reference of `--check` gets the weights that
    are left.

    With `planes` alone, every block gives up that many where that frees as many arrays. With
    `auto`, blocks give up to `planes`, the cheapest first, while the error of the layer stays under
    `budget`. Refuses targets whose slices lie in neighbouring columns, the sign scheme `offset`, and
    `twos-complement` with cells of several bits.

    Assumes tiled layers (`pim-tile`).
  }];
  let options = [
    Option<"planes", "planes", "unsigned", "0", "planes to free in each block, 0 for none">,
    Option<"isAutomatic", "auto", "bool", "false", "up to `planes`, as far as the budget goes">,
    Option<"budget", "budget", "double", "0.001", "squared error allowed over squared weights, by layer">
  ];
  let statistics = [Statistic<"numFreed", "freed", "arrays freed">];
}

def PimPlacePass : Pass<"pim-place", "ModuleOp"> {
  let summary = "Put arrays on cores";
  let description = [{
    Gives every layer its `#pim.placement`. Matrix layers are placed first-fit in program order: on
    the first core with enough free arrays, or, where none has, stack by stack over the cores in
    order. Other layers go to the core that made their first input. If the chip is too small, and its
    target has `mapping.rounds: allowed`, some cores are programmed again during an inference, in
    rounds, whatever the objective; else the pass fails and says how many arrays are short.

    That is the objective `arrays`. With `share-arrays` the tiles of all layers on a core are then packed
    into its arrays as rectangles, cut between outputs where that fills a gap; tiles of one layer in
    one array that are driven by other rows get phases, one after the other.

    With the other objectives, layers form a pipeline: each has cores of its
    own as far as there are any. For `throughput` and `latency` the slowest layers are there in
    several copies, which share the columns of the result, as long as `array-budget` allows. Cores
    with most traffic are next to the memory port; the module attribute `pim.routes` says what that
    saves.
  }];
  let options = [
    Option<"objective", "objective", "::mlir::pim::Objective", "::mlir::pim::Objective::Arrays",
           "what to optimize", PIM_ObjectiveValues.text>,
    Option<"arrayBudget", "array-budget", "std::string", "\"\"",
           "arrays that copies of layers may bring it to: a number, or a multiple of the fewest such as 2x">,
    Option<"shareArrays", "share-arrays", "bool", "false",
           "pack tiles of different layers into one array, for the objective arrays">
  ];
  let statistics = [Statistic<"numCores", "cores", "cores in use">,
                    Statistic<"numRounds", "rounds", "most rounds of a core, where there are any">];
}

def PimSchedulePass : Pass<"pim-schedule", "ModuleOp"> {
  let summary = "Lay out memory and cut layers into blocks";
  let description = [{
    Gives every layer its `#pim.schedule`: blocks of
    rows, small enough that copy, array and vector work overlap and that the buffers fit the
    scratchpad; of columns or channels where one row does not fit. Gives function arguments, results
    of layers and constants that layers read an address in global memory (`pim.address` on arguments
    and constants). Concatenations and slices are done in place where nothing forbids it.

    With the objective `arrays` addresses are reused when a value is dead. With the others layers work
    at the same time, and every value keeps its memory as long as global memory suffices. Sets the
    module attribute `pim.images_in_flight` to the number of inferences that may be under way at a
    time: at most `images`, if that is not for `latency`, and no more than global memory holds.
  }];
  let options = [
    Option<"objective", "objective", "::mlir::pim::Objective", "::mlir::pim::Objective::Arrays",
           "what to optimize", PIM_ObjectiveValues.text>,
    Option<"images", "images", "unsigned", "8", "most images in flight">,
    Option<"targetBlocks", "blocks", "unsigned", "8", "blocks to cut a layer into, where it has as many rows">
  ];
  let statistics = [Statistic<"numGlobalBytes", "global-bytes", "bytes of global memory in use">];
}

#endif // PIM_DIALECT_PIM_TRANSFORMS_PASSES_TD
