//===- Checkpoint.h - a session that is killed goes on ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The results of the first samples of a session in a file: a preamble with magic, checksum and
// length, then the identity of the session and the results. The file is replaced as a whole or not
// at all.
//
// Tested by runtime/tests/Session/CheckpointTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_SESSION_CHECKPOINT_H
#define PIM_RUNTIME_SRC_SESSION_CHECKPOINT_H

#include "pim/Runtime/Session/Session.h"

#include <chrono>

namespace pim::runtime {

/// What one sample adds to the result of a session, but for its outputs.
struct SampleResult {
  std::optional<int64_t> rank; ///< of the label, if there is one
  std::optional<CheckResult> check;
  uint64_t differingBytes = 0;
  uint64_t executedInstructions = 0;

  void addTo(SessionResult &result) const;
};

/// A number that differs, but for chance, between sessions whose results may differ: program,
/// target, data, labels and options. Of long data some samples stand for all.
uint64_t sessionIdentity(const Simulator &simulator, std::span<const data::InputFeed> feeds,
                         std::span<const int64_t> labels, const SessionOptions &options);

class CheckpointFile {
public:
  CheckpointFile(const SessionOptions &options, uint64_t identity);

  /// Adds the results of the file, if there is one, and returns how many samples they are of.
  /// Throws pim::Error if it is damaged or belongs to another session.
  int64_t load(SessionResult &result) const;
  /// Throws pim::Error if the file cannot be written.
  void save(int64_t samples, const SessionResult &result);
  /// save(), if the last time is long ago.
  void saveNowAndThen(int64_t samples, const SessionResult &result);

private:
  std::string path;
  double interval;
  uint64_t identity;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now(), saved = begin;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_SESSION_CHECKPOINT_H
