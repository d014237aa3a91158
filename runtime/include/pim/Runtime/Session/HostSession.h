//===- HostSession.h - a whole model on the host over many samples -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a program made for target `host`: one graph in float, no chip. Shapes of inputs may be open;
// those of outputs are known when they have been computed.
//
// What one sample is: of an input of fixed shape, or whose first dimension alone is open, one entry
// of the data along the batch, as for a chip; of any other input, and of an ONNX TensorProto, the
// whole array.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SESSION_HOSTSESSION_H
#define PIM_RUNTIME_SESSION_HOSTSESSION_H

#include "pim/Runtime/Data/Value.h"
#include "pim/Runtime/Session/Session.h"

namespace pim::runtime {

/// The inputs of a host program, each with its data.
class HostInputs {
public:
  /// `files`: "[NAME=]PATH" as openInputs takes them. Throws pim::Error if an input has no data or
  /// data that do not fit.
  HostInputs(const program::Program &program, std::span<const std::string> files,
             const data::Preprocess &preprocess);

  int64_t sampleCount() const { return samples; }
  /// Labels that came with the data.
  const std::vector<int64_t> &labels() const { return ownLabels; }
  /// The value of each input for sample `index`. May be called from several threads.
  std::vector<data::Value> read(int64_t index) const;

private:
  struct Input {
    std::string name;
    std::vector<int64_t> shape;
    ElementType element;
    std::optional<data::InputFeed> feed; ///< or else:
    std::optional<data::Value> value;    ///< of a sequence or an optional, or else:
    data::Array whole;                   ///< of `shape`, with the bytes of all its samples
    int64_t samplesInWhole = 1;

    int64_t sampleCount() const { return feed ? feed->sampleCount() : samplesInWhole; }
  };
  void assign(Input &input, const fb::PortT &port,
              const std::shared_ptr<const data::Dataset> &dataset, size_t index,
              const data::Preprocess &preprocess);
  std::vector<Input> inputs;
  std::vector<int64_t> ownLabels;
  int64_t samples = 1;
};

struct HostSessionResult {
  SessionResult session;
  /// Of one inference, from the work of the graph on the shapes of the last sample.
  Costs costs;
};

/// Runs the samples of `inputs` as runSession does. With `check`, every output is compared with the
/// one that the plain kernels make.
HostSessionResult runHostSession(const program::Program &program, const target::Target &target,
                                 const HostInputs &inputs, std::span<const int64_t> labels,
                                 const SessionOptions &options);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SESSION_HOSTSESSION_H
