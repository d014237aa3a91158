//===- WireResistance.cpp - crossbars whose wires drop voltage ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/WireResistance.h"

#include "pim/Support/Error.h"
#include "pim/Target/Target.h"

#include <algorithm>
#include <suitesparse/cholmod.h>

using namespace pim;
using namespace pim::runtime;

WireOhms runtime::wireOhms(const target::Target &target) {
  return {target.array.rowWireOhm, target.array.columnWireOhm, target.array.driverOhm,
          target.array.senseOhm};
}

/// CHOLMOD's factor of the node conductances.
struct WireNetwork::Factor {
  Factor() {
    cholmod_start(&common);
    common.print = 0;
    // Without BLAS, whose sums depend on the processor.
    common.supernodal = CHOLMOD_SIMPLICIAL;
  }
  ~Factor() {
    cholmod_free_factor(&factor, &common);
    cholmod_finish(&common);
  }

  mutable cholmod_common common;
  cholmod_factor *factor = nullptr;
};

namespace {
/// The lower half of a symmetric matrix of conductances, entry by entry.
class NodeMatrix {
public:
  NodeMatrix(uint32_t nodes, size_t most, cholmod_common &common)
      : common(common),
        triplet(cholmod_allocate_triplet(nodes, nodes, most, -1, CHOLMOD_REAL, &common)) {
    if (!triplet)
      fail("there is not enough memory for the wires of an array");
  }
  ~NodeMatrix() { cholmod_free_triplet(&triplet, &common); }

  void connect(uint32_t a, uint32_t b, double siemens) {
    add(a, a, siemens);
    add(b, b, siemens);
    add(std::max(a, b), std::min(a, b), -siemens);
  }
  void ground(uint32_t node, double siemens) { add(node, node, siemens); }
  cholmod_sparse *compress() const { return cholmod_triplet_to_sparse(triplet, 0, &common); }

private:
  void add(uint32_t row, uint32_t column, double value) {
    const size_t at = triplet->nnz++;
    static_cast<int *>(triplet->i)[at] = int(row);
    static_cast<int *>(triplet->j)[at] = int(column);
    static_cast<double *>(triplet->x)[at] = value;
  }

  cholmod_common &common;
  cholmod_triplet *triplet;
};
} // namespace

static double siemensOf(double ohms) { return 1 / std::max(ohms, 1e-6); }

WireNetwork::WireNetwork(uint32_t rows, uint32_t columns, std::span<const double> siemens,
                         const WireOhms &ohms)
    : rows(rows), columns(columns), driverSiemens(siemensOf(ohms.driver + ohms.rowWire)),
      senseSiemens(siemensOf(ohms.sense + ohms.columnWire)), factor(std::make_unique<Factor>()) {
  cholmod_common &common = factor->common;
  NodeMatrix matrix(nodes(), size_t(rows) * columns * 9 + rows + columns, common);
  for (uint32_t r = 0; r < rows; ++r)
    for (uint32_t c = 0; c < columns; ++c) {
      matrix.connect(wordNode(r, c), bitNode(r, c), siemens[size_t(r) * columns + c]);
      if (c + 1 < columns)
        matrix.connect(wordNode(r, c), wordNode(r, c + 1), siemensOf(ohms.rowWire));
      if (r + 1 < rows)
        matrix.connect(bitNode(r, c), bitNode(r + 1, c), siemensOf(ohms.columnWire));
    }
  for (uint32_t r = 0; r < rows; ++r)
    matrix.ground(wordNode(r, 0), driverSiemens);
  for (uint32_t c = 0; c < columns; ++c)
    matrix.ground(bitNode(rows - 1, c), senseSiemens);

  cholmod_sparse *compressed = matrix.compress();
  if (compressed) {
    factor->factor = cholmod_analyze(compressed, &common);
    if (factor->factor)
      cholmod_factorize(compressed, factor->factor, &common);
    cholmod_free_sparse(&compressed, &common);
  }
  if (!factor->factor || common.status != CHOLMOD_OK)
    fail("the wires of an array of ", rows, " x ", columns,
         " cells cannot be solved; are the resistances of cells and wires too far apart?");
}

WireNetwork::~WireNetwork() = default;

/// The voltages of all nodes for `vectors` vectors of currents into nodes, one after the other.
std::vector<double> WireNetwork::solve(std::span<const double> sources, uint32_t vectors) const {
  cholmod_dense right{};
  right.nrow = right.d = nodes();
  right.ncol = vectors;
  right.nzmax = sources.size();
  right.x = const_cast<double *>(sources.data());
  right.xtype = CHOLMOD_REAL;
  right.dtype = CHOLMOD_DOUBLE;
  // The workspace of a factor is one thread's.
  cholmod_dense *found = cholmod_solve(CHOLMOD_A, factor->factor, &right, &factor->common);
  if (!found)
    fail("there is not enough memory for the wires of an array");
  const auto *values = static_cast<const double *>(found->x);
  std::vector<double> volts(values, values + sources.size());
  cholmod_free_dense(&found, &factor->common);
  return volts;
}

std::vector<double> WireNetwork::nodeVolts(std::span<const double> volts) const {
  std::vector<double> sources(nodes());
  for (uint32_t r = 0; r < rows; ++r)
    sources[wordNode(r, 0)] = volts[r] * driverSiemens;
  return solve(sources, 1);
}

std::vector<double> WireNetwork::currents(std::span<const double> volts) const {
  const std::vector<double> found = nodeVolts(volts);
  std::vector<double> result(columns);
  for (uint32_t c = 0; c < columns; ++c)
    result[c] = found[bitNode(rows - 1, c)] * senseSiemens;
  return result;
}

std::vector<double> WireNetwork::transfer() const {
  // The network is reciprocal: driving the end of a column tells what each row does to it.
  constexpr uint32_t atOnce = 16;
  std::vector<double> result(size_t(rows) * columns);
  for (uint32_t begin = 0; begin < columns; begin += atOnce) {
    const uint32_t count = std::min(atOnce, columns - begin);
    std::vector<double> sources(size_t(nodes()) * count);
    for (uint32_t i = 0; i < count; ++i)
      sources[size_t(nodes()) * i + bitNode(rows - 1, begin + i)] = senseSiemens * driverSiemens;
    const std::vector<double> found = solve(sources, count);
    for (uint32_t i = 0; i < count; ++i)
      for (uint32_t r = 0; r < rows; ++r)
        result[size_t(r) * columns + begin + i] = found[size_t(nodes()) * i + wordNode(r, 0)];
  }
  return result;
}
