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
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include <unistd.h>

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

/// Rows `begin` to `end` of a circuit. Their bit lines go on above and below, where the ends of the
/// wire are held at `above` and `below` volts; the lowest rows end in the amplifiers.
struct Strip {
  uint32_t begin, end;
  std::vector<double> above = {}, below = {};
};

class Netlist {
public:
  Netlist(const Circuit &circuit, const Strip &strip) : circuit(circuit) {
    for (uint32_t r = strip.begin; r < strip.end; ++r)
      addRow(r, r + 1 == strip.end);
    for (uint32_t c = 0; c < circuit.columns; ++c) {
      if (!strip.above.empty())
        addEnd("top", c, 'b', strip.begin, strip.above[c], circuit.ohms.columnWire);
      const bool isLowest = strip.below.empty();
      addEnd("end", c, 'b', strip.end - 1, isLowest ? 0 : strip.below[c],
             circuit.ohms.columnWire + (isLowest ? circuit.ohms.sense : 0));
    }
  }

  /// Solves for the operating point and prints the currents into what holds the ends.
  std::string text() const {
    return "crossbar\n" + parts +
           ".options reltol=1e-9 abstol=1e-16\n.control\nset numdgt=12\nop\n" + prints +
           "quit\n.endc\n.end\n";
  }

private:
  static std::string node(char kind, uint32_t r, uint32_t c) {
    return kind + std::to_string(r) + "_" + std::to_string(c);
  }
  void add(char kind, const std::string &name, const std::string &a, const std::string &b,
           double value) {
    char number[32];
    std::snprintf(number, sizeof number, " %.15g\n", value);
    parts += kind + name + " " + a + " " + b + number;
  }
  void addRow(uint32_t r, bool isLast) {
    const std::string row = std::to_string(r);
    add('V', row, "in" + row, "0", circuit.volts[r]);
    add('R', "d" + row, "in" + row, node('w', r, 0), circuit.ohms.driver + circuit.ohms.rowWire);
    for (uint32_t c = 0; c < circuit.columns; ++c) {
      const std::string cell = node('_', r, c);
      add('R', "g" + cell, node('w', r, c), node('b', r, c),
          1 / circuit.siemens[r * circuit.columns + c]);
      if (c + 1 < circuit.columns)
        add('R', "r" + cell, node('w', r, c), node('w', r, c + 1), circuit.ohms.rowWire);
      if (!isLast)
        add('R', "c" + cell, node('b', r, c), node('b', r + 1, c), circuit.ohms.columnWire);
    }
  }
  void addEnd(const std::string &name, uint32_t c, char kind, uint32_t r, double volts,
              double ohms) {
    const std::string place = name + std::to_string(c);
    add('R', place, node(kind, r, c), place, ohms);
    add('V', place, place, "0", volts);
    prints += "print i(v" + place + ")\n";
  }

  const Circuit &circuit;
  std::string parts, prints;
};

/// The currents into the ends of a strip, by name ("top0", "end127"), or nothing if ngspice is not
/// installed.
std::map<std::string, double> runSpice(const Circuit &circuit, const Strip &strip) {
  if (std::system("command -v ngspice > /dev/null") != 0)
    return {};
  // Tests run side by side.
  const std::string path = ::testing::TempDir() + "crossbar-" + std::to_string(getpid());
  std::ofstream(path + ".cir") << Netlist(circuit, strip).text();
  const std::string command = "ngspice -b " + path + ".cir > " + path + ".out 2> /dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::ifstream output(path + ".out");
  std::map<std::string, double> currents;
  for (std::string line; std::getline(output, line);)
    if (line.starts_with("i(v"))
      currents[line.substr(3, line.find(')') - 3)] = std::stod(line.substr(line.find('=') + 1));
  for (const char *suffix : {".cir", ".out"})
    std::filesystem::remove(path + suffix);
  return currents;
}

constexpr const char *noSpice = "ngspice is not installed; install it to compare circuits with it";

/// Hands a circuit of `side` x `side` cells to ngspice, all at once.
void compareWithSpice(uint32_t side) {
  const Circuit circuit(side, side);
  const auto expected = runSpice(circuit, {0, side});
  if (expected.empty())
    GTEST_SKIP() << noSpice;
  const auto found = circuit.network().currents(circuit.volts);
  for (uint32_t c = 0; c < side; ++c)
    EXPECT_NEAR(found[c] / expected.at("end" + std::to_string(c)), 1, 1e-6) << "column " << c;
}

TEST(WireResistanceTest, AgreesWithSpiceOn32x32) { compareWithSpice(32); }

/// Takes ngspice minutes; scripts/test.sh runs it with --full.
TEST(WireResistanceTest, DISABLED_AgreesWithSpiceOn128x128) { compareWithSpice(128); }

/// What the disabled test does, in seconds: ngspice is quick where strips have four rows. Each
/// strip is solved with the voltages that WireNetwork finds at its neighbours; if what flows out of
/// each strip is what flows into the next, the voltages solve the whole circuit (the substitution
/// theorem).
TEST(WireResistanceTest, AgreesWithSpiceOn128x128InStrips) {
  constexpr uint32_t size = 128, height = 4;
  const Circuit circuit(size, size);
  const WireNetwork network = circuit.network();
  const auto volts = network.nodeVolts(circuit.volts), sums = network.currents(circuit.volts);
  auto bitLine = [&](uint32_t r) {
    std::vector<double> row;
    for (uint32_t c = 0; c < size; ++c)
      row.push_back(volts[2 * (size_t(r) * size + c) + 1]);
    return row;
  };
  std::map<std::string, double> before;
  for (uint32_t begin = 0; begin < size; begin += height) {
    Strip strip{begin, begin + height};
    if (begin > 0)
      strip.above = bitLine(begin - 1);
    if (strip.end < size)
      strip.below = bitLine(strip.end);
    const auto found = runSpice(circuit, strip);
    if (found.empty())
      GTEST_SKIP() << noSpice;
    for (uint32_t c = 0; c < size; ++c) {
      const std::string column = std::to_string(c);
      // Relative to the current of the whole column: little flows near the top.
      if (begin > 0) {
        EXPECT_NEAR((before.at("end" + column) + found.at("top" + column)) / sums[c], 0, 1e-6);
      }
      if (strip.end == size) {
        EXPECT_NEAR(found.at("end" + column) / sums[c], 1, 1e-6);
      }
    }
    before = found;
  }
}

} // namespace
