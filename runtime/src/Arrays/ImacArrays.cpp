//===- ImacArrays.cpp - analog layers behind the array interface ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One vector of signs in, what the converters read at the last layer out. Tested by
// runtime/tests/Arrays/AnalogLayersTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/AnalogLayers.h"
#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::runtime;

namespace {

class ImacGroup final : public ProgrammedGroup {
public:
  ImacGroup(const fb::ArrayGroupT &group, const CellImages &cells, const target::Target &target,
            const Die &die)
      : inputCount(group.matrix_rows), inputOffset(group.input_offset),
        layers(group, cells, target, die) {}

  void multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                ArrayScratch &) const override {
    std::vector<int> signs(inputCount);
    std::vector<double> volts(layers.lineCount());
    std::vector<int32_t> results(layers.outputCount());
    for (size_t p = 0; p < inputs.count; ++p) {
      for (size_t i = 0; i < inputCount; ++i)
        signs[i] = int(inputs.data[p * inputs.stride + i]) - inputOffset;
      layers.run(signs, volts, {inputs.occasion.sample, inputs.occasion.vector + uint32_t(p)});
      layers.convert(volts, results);
      int32_t *out = outputs.data + p * outputs.stride;
      for (size_t o = 0; o < results.size(); ++o)
        out[o] = accumulate ? int32_t(uint32_t(out[o]) + uint32_t(results[o])) : results[o];
    }
  }
  bool isExact() const override { return false; }

private:
  uint32_t inputCount;
  int32_t inputOffset;
  AnalogLayers layers;
};

class ImacKind final : public ArrayKind {
public:
  std::string_view name() const override { return "imac"; }

  using ArrayKind::program;
  std::unique_ptr<const ProgrammedGroup> program(const fb::ArrayGroupT &group,
                                                 const CellImages &cells,
                                                 const target::Target &target,
                                                 const Die &die) const override {
    if (group.neurons.empty())
      fail("arrays of kind 'imac' compute layers with neurons, and this group has none");
    return std::make_unique<ImacGroup>(group, cells, target, die);
  }
};

} // namespace

const ArrayKind &runtime::imacArrayKind() {
  static const ImacKind kind;
  return kind;
}
