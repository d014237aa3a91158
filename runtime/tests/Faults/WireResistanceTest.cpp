//===- WireResistanceTest.cpp - crossbars whose wires drop voltage --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The circuit simulator ngspice solves the same network, where it is installed (Debian: ngspice).
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/WireResistance.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

using namespace pim::runtime;

namespace {

/// Cells of 8488 or 25465 ohms (TMR 200 %) on wires of some ohms.
struct Circuit {
  uint32_t rows, columns;
  WireOhms ohms{2.5, 3.5, 100, 50};
  std::vector<double> siemens, volts;

  Circuit(uint32_t rows, uint32_t columns) : rows(rows), columns(columns) {
    std::mt19937 random(rows * 1000 + columns);
    for (uint32_t i = 0; i < rows * columns; ++i)
      siemens.push_back(random() % 2 ? 1 / 8488.26 : 1 / 25464.79);
    for (uint32_t r = 0; r < rows; ++r)
      volts.push_back(random() % 3 ? 0.1 + 0.001 * r : 0);
  }
  WireNetwork network() const { return {rows, columns, siemens, ohms}; }
};

TEST(WireResistanceTest, OneCellIsOneResistor) {
  const double cell = 1 / 1000.0;
  const WireNetwork network(1, 1, std::span(&cell, 1), {2, 3, 10, 20});
  const double volts = 0.5;
  EXPECT_NEAR(network.currents(std::span(&volts, 1))[0], 0.5 / (1000 + 2 + 3 + 10 + 20), 1e-15);
}

TEST(WireResistanceTest, TwoCellsOnOneWordLineShareItsDrop) {
  // Amplifiers and bit lines without resistance worth mentioning: two branches behind one wire.
  const double cells[] = {1 / 1000.0, 1 / 1000.0};
  const WireNetwork network(1, 2, cells, {100, 1e-9, 0, 0});
  const double volts = 1;
  const auto found = network.currents(std::span(&volts, 1));
  const double parallel = 1 / (1 / 1000.0 + 1 / 1100.0);
  const double first = parallel / (100 + parallel); // volts at the first cell
  EXPECT_NEAR(found[0], first / 1000, 1e-12);
  EXPECT_NEAR(found[1], first / 1100, 1e-12);
}

TEST(WireResistanceTest, WiresOfNoResistanceGiveTheProduct) {
  Circuit circuit(20, 12);
  circuit.ohms = {};
  const auto found = circuit.network().currents(circuit.volts);
  for (uint32_t c = 0; c < 12; ++c) {
    double expected = 0;
    for (uint32_t r = 0; r < 20; ++r)
      expected += circuit.siemens[r * 12 + c] * circuit.volts[r];
    EXPECT_NEAR(found[c] / expected, 1, 1e-6);
  }
}

TEST(WireResistanceTest, TransferGivesTheCurrentsOfAnyInput) {
  for (auto [rows, columns] : {std::pair(7u, 40u), std::pair(50u, 9u)}) {
    const Circuit circuit(rows, columns);
    const WireNetwork network = circuit.network();
    const auto expected = network.currents(circuit.volts);
    const auto transfer = network.transfer();
    for (uint32_t c = 0; c < columns; ++c) {
      double sum = 0;
      for (uint32_t r = 0; r < rows; ++r)
        sum += transfer[r * columns + c] * circuit.volts[r];
      EXPECT_NEAR(sum / expected[c], 1, 1e-9);
    }
  }
}

//===----------------------------------------------------------------------===//
// ngspice
//===----------------------------------------------------------------------===//

std::string netlist(const Circuit &circuit) {
  std::string text = "crossbar\n";
  char line[128];
  auto resistor = [&](char kind, uint32_t r, uint32_t c, const std::string &a, const std::string &b,
                      double ohms) {
    std::snprintf(line, sizeof line, "R%c%u_%u %s %s %.15g\n", kind, r, c, a.c_str(), b.c_str(),
                  ohms);
    text += line;
  };
  auto node = [](char kind, uint32_t r, uint32_t c) {
    return kind + std::to_string(r) + "_" + std::to_string(c);
  };
  for (uint32_t r = 0; r < circuit.rows; ++r) {
    std::snprintf(line, sizeof line, "V%u in%u 0 %.15g\n", r, r, circuit.volts[r]);
    text += line;
    resistor('d', r, 0, "in" + std::to_string(r), node('w', r, 0),
             circuit.ohms.driver + circuit.ohms.rowWire);
    for (uint32_t c = 0; c < circuit.columns; ++c) {
      resistor('g', r, c, node('w', r, c), node('b', r, c),
               1 / circuit.siemens[r * circuit.columns + c]);
      if (c + 1 < circuit.columns)
        resistor('r', r, c, node('w', r, c), node('w', r, c + 1), circuit.ohms.rowWire);
      if (r + 1 < circuit.rows)
        resistor('c', r, c, node('b', r, c), node('b', r + 1, c), circuit.ohms.columnWire);
    }
  }
  std::string prints;
  for (uint32_t c = 0; c < circuit.columns; ++c) {
    resistor('s', 0, c, node('b', circuit.rows - 1, c), "out" + std::to_string(c),
             circuit.ohms.sense + circuit.ohms.columnWire);
    text += "VS" + std::to_string(c) + " out" + std::to_string(c) + " 0 0\n";
    prints += "print i(vs" + std::to_string(c) + ")\n";
  }
  return text + ".options reltol=1e-9 abstol=1e-16\n.control\nset numdgt=12\nop\n" + prints +
         "quit\n.endc\n.end\n";
}

/// The currents of the columns, or nothing if ngspice is not installed.
std::vector<double> runSpice(const Circuit &circuit) {
  const std::string path = ::testing::TempDir() + "crossbar-" + std::to_string(circuit.rows);
  std::ofstream(path + ".cir") << netlist(circuit);
  const std::string command = "ngspice -b " + path + ".cir > " + path + ".out 2> /dev/null";
  if (std::system("command -v ngspice > /dev/null") != 0 || std::system(command.c_str()) < 0)
    return {};
  std::ifstream output(path + ".out");
  std::vector<double> currents;
  for (std::string line; std::getline(output, line);)
    if (line.starts_with("i(vs"))
      currents.push_back(std::stod(line.substr(line.find('=') + 1)));
  return currents;
}

void compareWithSpice(uint32_t size) {
  const Circuit circuit(size, size);
  const std::vector<double> expected = runSpice(circuit);
  if (expected.empty())
    GTEST_SKIP() << "ngspice is not installed; install it to compare circuits with it";
  ASSERT_EQ(expected.size(), size);
  const auto found = circuit.network().currents(circuit.volts);
  for (uint32_t c = 0; c < size; ++c)
    EXPECT_NEAR(found[c] / expected[c], 1, 1e-6) << "column " << c;
}

TEST(WireResistanceTest, AgreesWithSpiceOn32x32) { compareWithSpice(32); }

} // namespace
