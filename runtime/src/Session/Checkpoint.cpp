//===- Checkpoint.cpp - a session that is killed goes on -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"

#include "pim/Program/Program.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"
#include "pim/Target/Target.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>
#include <type_traits>
#include <zlib.h>

using namespace pim;
using namespace pim::runtime;

void SampleResult::addTo(SessionResult &result) const {
  if (result.accuracy && rank)
    result.accuracy->add(*rank);
  if (result.check && check)
    result.check->merge(*check);
  if (result.power)
    result.power->differingBytes += differingBytes;
  result.executedInstructions = std::max(result.executedInstructions, executedInstructions);
}

//===----------------------------------------------------------------------===//
// Identity
//===----------------------------------------------------------------------===//

namespace {
/// Fowler, Noll and Vo's hash of 64 bits, variant 1a.
class Hash {
public:
  void add(const void *bytes, size_t count) {
    for (size_t i = 0; i < count; ++i)
      value = (value ^ static_cast<const uint8_t *>(bytes)[i]) * 0x100000001b3;
  }
  void add(std::string_view text) {
    add(uint64_t(text.size()));
    add(text.data(), text.size());
  }
  void add(uint64_t number) { add(&number, sizeof(number)); }

  uint64_t value = 0xcbf29ce484222325;
};
} // namespace

/// Samples that stand for all of a feed.
static constexpr int64_t hashedSamples = 64;

static void addFeed(const data::InputFeed &feed, size_t elements, Hash &hash) {
  std::vector<float> values(elements);
  const int64_t count = feed.sampleCount();
  hash.add(uint64_t(count));
  for (int64_t i = 0; i < std::min(count, hashedSamples); ++i) {
    feed.read(count <= hashedSamples ? i : i * (count - 1) / (hashedSamples - 1), values);
    hash.add(values.data(), values.size() * sizeof(float));
  }
}

uint64_t runtime::sessionIdentity(const Simulator &simulator,
                                  std::span<const data::InputFeed> feeds,
                                  std::span<const int64_t> labels, const SessionOptions &options) {
  Hash hash;
  const program::Program &program = simulator.program();
  hash.add(program.code.data(), program.code.size() * sizeof(program.code[0]));
  hash.add(program.cells.data(), program.cells.size() * sizeof(program.cells[0]));
  hash.add(program.constants.data(), program.constants.size());
  for (const auto &[key, text] : simulator.target().parameters()) {
    hash.add(key);
    hash.add(text);
  }
  for (size_t i = 0; i < feeds.size(); ++i) {
    size_t elements = 1;
    for (int64_t extent : program.header.inputs[i]->shape)
      elements *= size_t(extent);
    addFeed(feeds[i], elements, hash);
  }
  hash.add(labels.data(), labels.size_bytes());
  hash.add(uint64_t(options.offset));
  hash.add(uint64_t(options.limit.value_or(-1)));
  hash.add(uint64_t(options.keepOutputs) << 1 | uint64_t(options.check));
  hash.add(options.seed);
  if (options.power) {
    const SupplyTrace &supply = options.power->supply;
    hash.add(options.power->policy.text());
    hash.add(supply.seed);
    hash.add(std::bit_cast<uint64_t>(supply.meanSeconds));
    for (auto [first, second] : supply.rows) {
      hash.add(std::bit_cast<uint64_t>(first));
      hash.add(std::bit_cast<uint64_t>(second));
    }
  }
  return hash.value;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

static constexpr char magic[8] = {'P', 'I', 'M', 'C', 'K', 'P', 'T', '2'};
/// Magic, checksum of what follows the length, four bytes of zero, length of what follows.
static constexpr size_t preambleBytes = 24;

namespace {
/// Little-endian fields one after the other.
class Writer {
public:
  template <typename X> void put(X value) {
    static_assert(std::is_arithmetic_v<X> && std::endian::native == std::endian::little);
    const auto *at = reinterpret_cast<const std::byte *>(&value);
    bytes.insert(bytes.end(), at, at + sizeof(value));
  }
  void putText(const std::string &text) {
    put(uint64_t(text.size()));
    putBytes(std::as_bytes(std::span(text)));
  }
  void putBytes(std::span<const std::byte> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
  }

  std::vector<std::byte> bytes;
};

class Reader {
public:
  Reader(std::span<const std::byte> bytes, const std::string &path) : bytes(bytes), path(path) {}

  template <typename X> X get() {
    X value;
    std::memcpy(&value, take(sizeof(X)).data(), sizeof(X));
    return value;
  }
  std::string getText() {
    const std::span<const std::byte> text = take(get<uint64_t>());
    return {reinterpret_cast<const char *>(text.data()), text.size()};
  }
  std::span<const std::byte> take(uint64_t count) {
    if (count > bytes.size())
      refuse("it ends too early");
    const std::span<const std::byte> taken = bytes.first(count);
    bytes = bytes.subspan(count);
    return taken;
  }
  bool isAtEnd() const { return bytes.empty(); }
  [[noreturn]] void refuse(const std::string &reason) const {
    fail(path, ": is a damaged checkpoint: ", reason, "; remove it to start from the beginning");
  }

private:
  std::span<const std::byte> bytes;
  const std::string &path;
};
} // namespace

static void putCheck(const CheckResult &check, Writer &writer) {
  writer.put(check.comparedValues);
  writer.put(check.mismatchedValues);
  writer.put(uint64_t(check.layers.size()));
  for (const LayerCheck &layer : check.layers) {
    writer.put(layer.comparedValues);
    writer.put(layer.mismatchedValues);
    for (double sum : {layer.squaredError, layer.sum, layer.sumOfSquares})
      writer.put(sum);
  }
  writer.put(uint8_t(check.first.has_value()));
  if (!check.first)
    return;
  const Difference &first = *check.first;
  writer.putText(first.where);
  writer.put(first.sample);
  writer.put(uint64_t(first.index.size()));
  for (int64_t index : first.index)
    writer.put(index);
  writer.putText(first.found);
  writer.putText(first.expected);
}

static CheckResult getCheck(Reader &reader) {
  CheckResult check;
  check.comparedValues = reader.get<uint64_t>();
  check.mismatchedValues = reader.get<uint64_t>();
  for (uint64_t left = reader.get<uint64_t>(); left != 0; --left) {
    LayerCheck &layer = check.layers.emplace_back();
    layer.comparedValues = reader.get<uint64_t>();
    layer.mismatchedValues = reader.get<uint64_t>();
    for (double *sum : {&layer.squaredError, &layer.sum, &layer.sumOfSquares})
      *sum = reader.get<double>();
  }
  if (reader.get<uint8_t>() == 0)
    return check;
  Difference &first = check.first.emplace();
  first.where = reader.getText();
  first.sample = reader.get<int64_t>();
  for (uint64_t left = reader.get<uint64_t>(); left != 0; --left)
    first.index.push_back(reader.get<int64_t>());
  first.found = reader.getText();
  first.expected = reader.getText();
  return check;
}

/// Bytes of the first `samples` of an output.
static size_t prefixBytes(const data::NamedArray &output, int64_t samples, int64_t count) {
  return output.array.bytes.size() / size_t(count) * size_t(samples);
}

CheckpointFile::CheckpointFile(const SessionOptions &options, uint64_t identity)
    : path(options.checkpoint), interval(options.checkpointSeconds), identity(identity) {}

void CheckpointFile::save(int64_t samples, const SessionResult &result) {
  saved = std::chrono::steady_clock::now();
  Writer payload;
  payload.put(identity);
  payload.put(samples);
  payload.put(result.wallSeconds + std::chrono::duration<double>(saved - begin).count());
  payload.put(result.executedInstructions);
  const Accuracy accuracy = result.accuracy.value_or(Accuracy{});
  for (int64_t count : {accuracy.samples, accuracy.top1Hits, accuracy.top5Hits})
    payload.put(count);
  payload.put(result.power ? result.power->differingBytes : uint64_t(0));
  putCheck(result.check.value_or(CheckResult{}), payload);
  for (const data::NamedArray &output : result.outputs)
    payload.putBytes(std::as_bytes(std::span(output.array.bytes))
                         .first(prefixBytes(output, samples, result.samples)));
  Writer file;
  file.putBytes(std::as_bytes(std::span(magic)));
  file.put(uint32_t(
      crc32_z(0, reinterpret_cast<const Bytef *>(payload.bytes.data()), payload.bytes.size())));
  file.put(uint32_t(0));
  file.put(uint64_t(payload.bytes.size()));
  file.putBytes(payload.bytes);
  writeBytes(path, file.bytes);
}

void CheckpointFile::saveNowAndThen(int64_t samples, const SessionResult &result) {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - saved;
  if (passed.count() >= interval)
    save(samples, result);
}

int64_t CheckpointFile::load(SessionResult &result) const {
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    return 0;
  const std::vector<char> raw{std::istreambuf_iterator<char>(stream), {}};
  Reader file(std::as_bytes(std::span(raw)), path);
  if (raw.size() < preambleBytes || std::memcmp(raw.data(), magic, sizeof(magic)) != 0)
    fail(path, ": is no checkpoint of pim-run; name another file, or remove this one");
  file.take(sizeof(magic));
  const auto checksum = file.get<uint32_t>();
  file.get<uint32_t>();
  const auto length = file.get<uint64_t>();
  if (length != raw.size() - preambleBytes ||
      checksum != uint32_t(crc32_z(0, reinterpret_cast<const Bytef *>(raw.data()) + preambleBytes,
                                   raw.size() - preambleBytes)))
    file.refuse("its checksum or length does not fit");
  if (file.get<uint64_t>() != identity)
    fail(path, ": belongs to a run with another program, target, data or options; remove it to "
               "start from the beginning");
  const auto samples = file.get<int64_t>();
  if (samples < 0 || samples > result.samples)
    file.refuse("it holds more samples than there are");
  result.wallSeconds = file.get<double>();
  result.executedInstructions = file.get<uint64_t>();
  Accuracy accuracy;
  for (int64_t *count : {&accuracy.samples, &accuracy.top1Hits, &accuracy.top5Hits})
    *count = file.get<int64_t>();
  if (result.accuracy)
    result.accuracy = accuracy;
  const auto differing = file.get<uint64_t>();
  if (result.power)
    result.power->differingBytes = differing;
  CheckResult check = getCheck(file);
  if (result.check)
    result.check = std::move(check);
  for (data::NamedArray &output : result.outputs) {
    const auto prefix = file.take(prefixBytes(output, samples, result.samples));
    std::copy(prefix.begin(), prefix.end(),
              std::as_writable_bytes(std::span(output.array.bytes)).begin());
  }
  if (!file.isAtEnd())
    file.refuse("it goes on behind its end");
  return samples;
}
