//===- SolverState.cpp - saving and resuming -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ADMM/Solver.h"
#include "pim/Support/Error.h"

#include <bit>
#include <cstring>
#include <istream>
#include <ostream>

using namespace pim;
using namespace pim::admm;

static_assert(std::endian::native == std::endian::little,
              "the state is written as it lies in memory");

/// Changes whenever what follows it does.
static constexpr char magic[8] = {'P', 'I', 'M', 'A', 'D', 'M', 'M', '1'};

namespace {

class StateWriter {
public:
  explicit StateWriter(std::ostream &out) : out(out) {}
  template <typename Value> void put(const Value &value) {
    out.write(reinterpret_cast<const char *>(&value), sizeof value);
  }
  void put(const std::string &text) {
    put(uint64_t(text.size()));
    out.write(text.data(), std::streamsize(text.size()));
  }
  void put(const std::vector<float> &values) {
    put(uint64_t(values.size()));
    out.write(reinterpret_cast<const char *>(values.data()),
              std::streamsize(values.size() * sizeof(float)));
  }

private:
  std::ostream &out;
};

class StateReader {
public:
  explicit StateReader(std::istream &in) : in(in) {}
  template <typename Value> void get(Value &value) {
    bytes(reinterpret_cast<char *>(&value), sizeof value);
  }
  void get(std::string &text) {
    text.resize(size_t(length(1 << 16)));
    bytes(text.data(), text.size());
  }
  /// REQUIRES: the vector has the size that is expected.
  void get(std::vector<float> &values) {
    uint64_t size = 0;
    get(size);
    if (size != values.size())
      fail("the saved ADMM state has ", size, " weights where the layer has ", values.size());
    bytes(reinterpret_cast<char *>(values.data()), values.size() * sizeof(float));
  }
  uint64_t length(uint64_t most) {
    uint64_t size = 0;
    get(size);
    if (size > most)
      fail("the saved ADMM state is damaged: a length of ", size);
    return size;
  }

private:
  void bytes(char *data, size_t size) {
    if (!in.read(data, std::streamsize(size)))
      fail("the saved ADMM state ends too early");
  }
  std::istream &in;
};

} // namespace

void Solver::save(std::ostream &out) const {
  StateWriter writer(out);
  writer.put(magic);
  writer.put(uint64_t(layers.size()));
  for (const Layer &layer : layers) {
    writer.put(layer.name);
    writer.put(layer.z);
    writer.put(layer.u);
    writer.put(layer.rho);
    writer.put(layer.iterations);
    writer.put(layer.residuals);
  }
  writer.put(uint64_t(entries.size()));
  for (const LogEntry &entry : entries) {
    writer.put(entry.iteration);
    writer.put(entry.layer);
    writer.put(entry.rho);
    writer.put(entry.residuals);
  }
}

void Solver::load(std::istream &in) {
  StateReader reader(in);
  char found[sizeof magic];
  reader.get(found);
  if (std::memcmp(found, magic, sizeof magic) != 0)
    fail("this is not a saved ADMM state of this version");
  std::vector<Layer> restored = layers;
  if (uint64_t count = reader.length(UINT64_MAX); count != layers.size())
    fail("the saved ADMM state has ", count, " layers, the network has ", layers.size());
  for (Layer &layer : restored) {
    std::string name;
    reader.get(name);
    if (name != layer.name)
      fail("the saved ADMM state has layer '", name, "' where the network has '", layer.name, "'");
    reader.get(layer.z);
    reader.get(layer.u);
    reader.get(layer.rho);
    reader.get(layer.iterations);
    reader.get(layer.residuals);
  }
  // Entries are read one by one, so a wrong count ends with the stream, not with the memory.
  std::vector<LogEntry> log;
  for (uint64_t count = reader.length(UINT64_MAX); count > 0; --count) {
    LogEntry entry;
    reader.get(entry.iteration);
    reader.get(entry.layer);
    reader.get(entry.rho);
    reader.get(entry.residuals);
    log.push_back(std::move(entry));
  }
  layers = std::move(restored);
  entries = std::move(log);
}
