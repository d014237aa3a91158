//===- VerifyTables.cpp - descriptors, groups, ports ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pim::program {

//===----------------------------------------------------------------------===//
// Boxes
//===----------------------------------------------------------------------===//

/// Bytes of the memory that a tensor of the table of `core` lies in.
static uint64_t memoryBytes(const VerifyContext &context, const fb::TensorDescriptorT &tensor,
                            int core, const std::string &place) {
  switch (tensor.space) {
  case fb::Space::Global:
    return context.header.global_memory_bytes;
  case fb::Space::Scratchpad:
    if (core < 0)
      failAt(place,
             "lies in a scratchpad; ports, layers and host calls refer to global memory only");
    if (tensor.core >= context.header.cores.size())
      failAt(place, "lies in the scratchpad of core ", tensor.core, " of ",
             context.header.cores.size());
    return context.header.cores[tensor.core]->scratchpad_bytes;
  }
  failAt(place, "lies in unknown memory ", int(tensor.space));
}

void verifyTensor(const VerifyContext &context, const fb::TensorDescriptorT &tensor, int core,
                  const std::string &place) {
  if (!isKnown(tensor.element))
    failAt(place, "has unknown element type ", int(tensor.element));
  if (tensor.sizes.size() != 4 || tensor.strides.size() != 4)
    failAt(place, "has ", tensor.sizes.size(), " sizes and ", tensor.strides.size(),
           " strides, expected four of each");
  uint64_t memory = memoryBytes(context, tensor, core, place);
  Wide low = tensor.base, high = tensor.base;
  Wide elements = 1;
  for (size_t i = 0; i < 4; ++i) {
    if (tensor.sizes[i] == 0)
      failAt(place, "has size 0 in dimension ", i);
    Wide reach = Wide(tensor.sizes[i] - 1) * tensor.strides[i];
    (reach < 0 ? low : high) += reach;
    // Bounded in each step: four sizes of 32 bits do not fit 128 bits together with a margin for
    // sums.
    elements = std::min<Wide>(elements * tensor.sizes[i], Wide(1) << 64);
  }
  if (elements > std::numeric_limits<int32_t>::max())
    failAt(place, "has more than 2^31-1 elements");
  if (low < 0 || high + bytesOf(tensor.element) > Wide(memory))
    failAt(place, "reaches outside its memory of ", memory, " bytes");
}

//===----------------------------------------------------------------------===//
// Tables of a core
//===----------------------------------------------------------------------===//

static void verifyWindow(const fb::WindowDescriptorT &window, uint64_t scratchpad,
                         const std::string &place) {
  if (window.element != fb::ElementType::I8 && window.element != fb::ElementType::I16 &&
      window.element != fb::ElementType::I32)
    failAt(place, "has element type ", int(window.element), ", expected i8, i16 or i32");
  auto positive = [&](uint32_t value, const char *name) {
    if (value == 0)
      failAt(place, "has ", name, " 0");
  };
  positive(window.out_rows, "out_rows");
  positive(window.out_cols, "out_cols");
  positive(window.kernel_rows, "kernel_rows");
  positive(window.kernel_cols, "kernel_cols");
  positive(window.channels, "channels");
  positive(window.rows, "rows");
  positive(window.cols, "cols");
  positive(window.ring_rows, "ring_rows");
  // Coordinates are computed in 32 bits with a sign.
  auto coordinates = [&](Wide reach, const char *name) {
    if (reach > std::numeric_limits<int32_t>::max() || reach < std::numeric_limits<int32_t>::min())
      failAt(place, "reads ", name, " beyond what 32 bits can number");
  };
  coordinates(Wide(window.out_rows - 1) * window.row_step +
                  Wide(window.kernel_rows - 1) * window.row_dilation,
              "rows");
  coordinates(Wide(window.first_col) + Wide(window.out_cols - 1) * window.col_step +
                  Wide(window.kernel_cols - 1) * window.col_dilation,
              "columns");
  coordinates(window.rows, "rows");
  coordinates(window.cols, "columns");
  coordinates(Wide(window.out_rows) * window.out_cols, "positions");
  coordinates(Wide(window.kernel_rows) * window.kernel_cols, "taps");
  coordinates(std::min<Wide>(Wide(window.kernel_rows) * window.kernel_cols, Wide(1) << 40) *
                  window.channels,
              "elements");
  Wide end =
      Wide(window.base) + Wide(std::min(window.rows, window.ring_rows) - 1) * window.row_pitch +
      Wide(window.cols - 1) * window.col_pitch + Wide(window.channels) * bytesOf(window.element);
  if (end > Wide(scratchpad))
    failAt(place, "reaches outside the scratchpad of ", scratchpad, " bytes");
}

/// Checks that [begin, begin+count) or the listed indices lie inside [0, size).
static void verifyMembers(uint32_t begin, uint32_t count, const std::vector<uint32_t> &listed,
                          uint32_t size, const char *what, const std::string &place) {
  if (listed.empty()) {
    if (Wide(begin) + count > size)
      failAt(place, "holds ", what, " ", begin, " to ",
             Wide(begin) + count > UINT32_MAX ? UINT32_MAX : begin + count, " of ", size);
    return;
  }
  if (listed.size() != count)
    failAt(place, "lists ", listed.size(), " ", what, ", expected ", count);
  for (uint32_t index : listed)
    if (index >= size)
      failAt(place, "holds ", what, " ", index, " of ", size);
}

/// What a delay and the shift of a tile may add to the worth of a cell.
static constexpr unsigned mostDelay = 8;

static void verifyWorth(const fb::TileT &tile, const std::string &place) {
  if (!tile.delays.empty() && tile.delays.size() != tile.row_count)
    failAt(place, "lists ", tile.delays.size(), " delays, expected ", tile.row_count);
  for (uint8_t delay : tile.delays)
    if (delay > mostDelay)
      failAt(place, "delays a row by ", int(delay), " steps, expected at most ", mostDelay);
  if (tile.shift > mostDelay)
    failAt(place, "is shifted by ", int(tile.shift), ", expected at most ", mostDelay);
  const uint64_t fragments =
      tile.fragment_rows == 0
          ? 0
          : (uint64_t(tile.row_count) + tile.fragment_rows - 1) / tile.fragment_rows;
  if (tile.signs.size() != fragments * tile.output_count)
    failAt(place, "lists ", tile.signs.size(), " signs, expected ", fragments * tile.output_count);
  for (uint8_t sign : tile.signs)
    if (sign > 1)
      failAt(place, "has the sign ", int(sign), ", expected 0 or 1");
}

static void verifyTile(const VerifyContext &context, const fb::TileT &tile,
                       const fb::ArrayGroupT &group, uint32_t arrays, const std::string &place) {
  if (tile.array >= arrays)
    failAt(place, "lies in array ", tile.array, " of ", arrays);
  if (tile.row_count == 0 || tile.output_count == 0 || tile.slice_count == 0)
    failAt(place, "is empty");
  uint32_t rows = context.target.matrixRows(), columns = context.target.matrixColumns();
  if (uint32_t(tile.row_offset) + tile.row_count > rows)
    failAt(place, "ends at row ", uint32_t(tile.row_offset) + tile.row_count, " of an array with ",
           rows);
  if (uint32_t(tile.col_offset) + uint32_t(tile.output_count) * tile.slice_count > columns)
    failAt(place, "ends at column ",
           uint32_t(tile.col_offset) + uint32_t(tile.output_count) * tile.slice_count,
           " of an array with ", columns);
  if (uint32_t(tile.slice_begin) + tile.slice_count > group.slices.size())
    failAt(place, "holds slices ", int(tile.slice_begin), " to ",
           int(tile.slice_begin) + int(tile.slice_count), " of ", group.slices.size());
  verifyMembers(tile.row_begin, tile.row_count, tile.rows, lineCount(group), "rows", place);
  verifyMembers(tile.output_begin, tile.output_count, tile.outputs, columnCount(group), "outputs",
                place);
  verifyWorth(tile, place);
}

/// Lines and neurons of a chain: those of one layer are driven by the layer before it and by the
/// line that carries 1.
static void verifyAnalogTile(const fb::ArrayGroupT &group, const fb::TileT &tile,
                             const std::string &place) {
  if (tile.slice_begin != 0 || tile.slice_count != 2 || !tile.delays.empty() || tile.shift != 0 ||
      tile.phase != 0 || tile.fragment_rows != 0)
    failAt(place, "of analog layers is not made of plain pairs of cells");
  auto output = [&](uint32_t o) {
    return tile.outputs.empty() ? tile.output_begin + o : tile.outputs[o];
  };
  uint32_t firstLine = 0, lines = group.matrix_rows, firstNeuron = 0;
  for (uint32_t neurons : group.neurons) {
    if (output(0) < firstNeuron + neurons) {
      for (uint32_t o = 0; o < tile.output_count; ++o)
        if (output(o) < firstNeuron || output(o) >= firstNeuron + neurons)
          failAt(place, "holds neurons of several layers");
      for (uint32_t r = 0; r < tile.row_count; ++r) {
        const uint32_t line = tile.rows.empty() ? tile.row_begin + r : tile.rows[r];
        if (line != group.matrix_rows && (line < firstLine || line >= firstLine + lines))
          failAt(place, "is driven by line ", line, ", which the layer before does not drive");
      }
      return;
    }
    firstLine = group.matrix_rows + 1 + firstNeuron;
    lines = neurons;
    firstNeuron += neurons;
  }
}

static void verifyAnalogGroup(const VerifyContext &context, const fb::ArrayGroupT &group,
                              const std::string &place) {
  const bool isAnalog = context.target.array.kind == target::ArrayKind::Imac;
  if (isAnalog == group.neurons.empty())
    failAt(place, isAnalog ? "has no neurons, which arrays of kind 'imac' need"
                           : "has neurons, which only arrays of kind 'imac' have");
  if (group.neurons.size() != group.feedback_ohm.size())
    failAt(place, "has ", group.neurons.size(), " layers of neurons and ",
           group.feedback_ohm.size(), " feedback resistors");
  if (!isAnalog)
    return;
  uint64_t neurons = 0;
  for (uint32_t count : group.neurons)
    neurons += count;
  if (std::count(group.neurons.begin(), group.neurons.end(), 0u) != 0 || neurons > 0xffffff ||
      group.matrix_rows > 0xffffff)
    failAt(place, "has a layer without neurons, or more lines than a core can have");
  for (double ohm : group.feedback_ohm)
    if (!(ohm > 0 && ohm < 1e15))
      failAt(place, "has a feedback resistor of ", ohm, " ohm");
  if (group.neurons.back() != group.matrix_cols)
    failAt(place, "ends in ", group.neurons.back(), " neurons, but has ", group.matrix_cols,
           " outputs");
  if (group.slices.size() != 2 || group.slices[0].negative() || !group.slices[1].negative() ||
      group.slices[0].shift() != 0 || group.slices[1].shift() != 0)
    failAt(place, "has other slices than a positive and a negative cell");
}

static void verifyGroup(const VerifyContext &context, const fb::ArrayGroupT &group, uint32_t arrays,
                        const std::string &place) {
  if (group.matrix_rows == 0 || group.matrix_cols == 0)
    failAt(place, "has a matrix of ", group.matrix_rows, " x ", group.matrix_cols);
  if (group.input_bits < 1 || group.input_bits > 16)
    failAt(place, "has inputs of ", int(group.input_bits), " bits, expected 1 to 16");
  if (group.cell_bits != context.target.cell.bits)
    failAt(place, "has ", int(group.cell_bits), " bits in a cell, the target has ",
           context.target.cell.bits);
  if (group.slices.empty() || group.slices.size() > 32)
    failAt(place, "has ", group.slices.size(), " slices, expected 1 to 32");
  for (const fb::Slice &slice : group.slices)
    if (slice.shift() > 30)
      failAt(place, "has a slice worth 2^", int(slice.shift()), ", expected at most 2^30");
  verifyAnalogGroup(context, group, place);
  for (size_t i = 0; i < group.tiles.size(); ++i) {
    const std::string tilePlace = place + ": tile " + std::to_string(i);
    verifyTile(context, *group.tiles[i], group, arrays, tilePlace);
    if (!group.neurons.empty())
      verifyAnalogTile(group, *group.tiles[i], tilePlace);
  }
}

static void verifyRequantize(const fb::RequantizeT &params, const std::string &place) {
  if (params.multiplier.size() != params.shift.size())
    failAt(place, "has ", params.multiplier.size(), " multipliers and ", params.shift.size(),
           " shifts");
  for (int32_t multiplier : params.multiplier)
    if (multiplier < 0)
      failAt(place, "has a negative multiplier ", multiplier);
  for (int8_t shift : params.shift)
    if (shift < 2 || shift > 62)
      failAt(place, "has a shift of ", int(shift), ", expected 2 to 62");
  if (params.min > params.max)
    failAt(place, "clamps to ", params.min, " .. ", params.max, ", which is empty");
  if (params.double_round && params.float_round)
    failAt(place, "rounds both twice and in floats");
}

void verifyCoreTables(const VerifyContext &context, size_t index, const std::string &place) {
  const fb::CoreT &core = *context.header.cores[index];
  auto at = [&](const char *table, size_t entry) {
    return place + ": " + table + " " + std::to_string(entry);
  };
  for (size_t i = 0; i < core.tensors.size(); ++i)
    verifyTensor(context, *core.tensors[i], int(index), at("tensor", i));
  for (size_t i = 0; i < core.windows.size(); ++i)
    verifyWindow(*core.windows[i], core.scratchpad_bytes, at("window", i));
  for (size_t i = 0; i < core.groups.size(); ++i)
    verifyGroup(context, *core.groups[i], core.arrays, at("group", i));
  for (size_t i = 0; i < core.requantize.size(); ++i)
    verifyRequantize(*core.requantize[i], at("requantize table", i));
  for (size_t i = 0; i < core.lookups.size(); ++i)
    if (core.lookups[i]->entries.size() != 256)
      failAt(at("lookup table", i), "has ", core.lookups[i]->entries.size(),
             " entries, expected 256");
}

//===----------------------------------------------------------------------===//
// Ports and host calls
//===----------------------------------------------------------------------===//

static Wide elementsOf(const fb::TensorDescriptorT &tensor) {
  Wide count = 1;
  for (uint32_t size : tensor.sizes)
    count *= size; // bounded by verifyTensor()
  return count;
}

void verifyPort(const VerifyContext &context, const fb::PortT &port, const std::string &place) {
  if (port.tensor >= context.header.tensors.size())
    failAt(place, "lies in tensor ", port.tensor, " of ", context.header.tensors.size());
  const fb::TensorDescriptorT &tensor = *context.header.tensors[port.tensor];
  if (port.element != tensor.element)
    failAt(place, "has element type ", isKnown(port.element) ? nameOf(port.element) : "unknown",
           ", its tensor ", nameOf(tensor.element));
  Wide count = 1;
  for (int64_t size : port.shape) {
    if (size < 1)
      failAt(place, "has a dimension of ", size);
    count = std::min<Wide>(count * size, Wide(1) << 40);
  }
  if (count != elementsOf(tensor))
    failAt(place, "has a shape whose number of elements is not that of its tensor");
  if (port.permutation.size() != port.shape.size())
    failAt(place, "permutes ", port.permutation.size(), " dimensions of ", port.shape.size());
  std::vector<bool> seen(port.shape.size());
  for (int32_t dimension : port.permutation) {
    if (dimension < 0 || size_t(dimension) >= seen.size() || seen[dimension])
      failAt(place, "has a permutation that is none");
    seen[dimension] = true;
  }
  bool isFloat = port.element == fb::ElementType::F32;
  if (!std::isfinite(port.scale) || port.scale < 0 || isFloat != (port.scale == 0))
    failAt(place, "has a scale of ", port.scale, ", expected ", isFloat ? "0" : "a number above 0",
           " for ", nameOf(port.element));
  if (!isFloat && port.min > port.max)
    failAt(place, "has values from ", port.min, " to ", port.max, ", which is an empty range");
}

/// Checks that the call hands `tensors` over as what the graph's values `values` are.
static void verifyOperands(const VerifyContext &context, const std::vector<uint32_t> &tensors,
                           const graph::Graph &graph, const std::vector<int> &values,
                           const char *kind, const std::string &place) {
  if (tensors.size() != values.size())
    failAt(place, "has ", tensors.size(), " ", kind, ", its graph ", values.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i] >= context.header.tensors.size())
      failAt(place, "refers to tensor ", tensors[i], " of ", context.header.tensors.size());
    const fb::TensorDescriptorT &tensor = *context.header.tensors[tensors[i]];
    const graph::Tensor &value = graph.tensors[values[i]];
    if (int(tensor.element) != int(value.element) || elementsOf(tensor) != value.elementCount())
      failAt(place, "hands over tensor ", tensors[i], " as '", value.name,
             "' of another type or size");
  }
}

void verifyHostCall(const VerifyContext &context, const fb::HostCallT &call,
                    const std::string &place) {
  graph::Graph graph;
  try {
    graph = graph::deserialize(std::as_bytes(std::span(call.graph)));
  } catch (const Error &error) {
    failAt(place, error.what());
  }
  verifyOperands(context, call.inputs, graph, graph.inputs, "inputs", place);
  verifyOperands(context, call.outputs, graph, graph.outputs, "outputs", place);
}

} // namespace pim::program
