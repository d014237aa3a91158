//===- WireResistance.h - crossbars whose wires drop voltage ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The resistor network of a crossbar: a cell between each word line and each bit line, wires from
// cell to cell, drivers at the left end of the word lines, amplifiers that hold the lower end of
// the bit lines at 0 V.
//
//   V_i --driver--wire--w(i,0)--wire--w(i,1)-- ...         b(0,j)
//                         |cell         |cell                |wire
//                       b(i,0)        b(i,1)               b(1,j) ... b(R-1,j)--wire--sense-- 0 V
//
// The network is linear: its matrix of node conductances is factorized once (CHOLMOD), and each
// vector of voltages costs two triangular solutions, or, after transfer(), rows x columns products.
//
// Tested by runtime/tests/Faults/WireResistanceTest.cpp against a dense solution and ngspice.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_WIRERESISTANCE_H
#define PIM_RUNTIME_FAULTS_WIRERESISTANCE_H

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace pim::target {
struct Target;
}

namespace pim::runtime {

/// In ohms; of a wire, from one cell to the next.
struct WireOhms {
  double rowWire = 0, columnWire = 0, driver = 0, sense = 0;
};

WireOhms wireOhms(const target::Target &target);

class WireNetwork {
public:
  /// `siemens`: [row][column] of cells. Pieces of wire below a microohm count as a microohm. Throws
  /// pim::Error if the network cannot be solved.
  WireNetwork(uint32_t rows, uint32_t columns, std::span<const double> siemens,
              const WireOhms &ohms);
  ~WireNetwork();

  /// The currents of the columns, in amperes, when rows are driven with `volts`.
  std::vector<double> currents(std::span<const double> volts) const;

  /// When rows are driven with `volts`: [row][column][2], where a cell meets its word line and
  /// where its bit line.
  std::vector<double> nodeVolts(std::span<const double> volts) const;

  /// [row][column]: the current of a column for one volt at a row, the others being at 0 V. What
  /// the cells seem to conduct.
  std::vector<double> transfer() const;

private:
  struct Factor;
  std::vector<double> solve(std::span<const double> sources, uint32_t vectors) const;
  uint32_t wordNode(uint32_t row, uint32_t column) const { return 2 * (row * columns + column); }
  uint32_t bitNode(uint32_t row, uint32_t column) const { return wordNode(row, column) + 1; }
  uint32_t nodes() const { return 2 * rows * columns; }

  uint32_t rows, columns;
  double driverSiemens, senseSiemens; ///< with the wire to the first or from the last cell
  std::unique_ptr<Factor> factor;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_WIRERESISTANCE_H
