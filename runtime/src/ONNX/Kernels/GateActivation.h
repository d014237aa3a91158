//===- GateActivation.h - activations of recurrent operators ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_GATEACTIVATION_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_GATEACTIVATION_H

#include "../Call.h"

namespace pim::onnx {

/// One of the activations that a node may name, with its parameters.
class GateActivation {
public:
  /// With the parameters where they are `given`, otherwise with the defaults of the operator of
  /// that name. Fails unless there is such an activation.
  GateActivation(const Call &call, std::string name, double alpha, double beta, bool given);

  double operator()(double x) const;

private:
  enum class Kind {
    Relu,
    Tanh,
    Sigmoid,
    Affine,
    LeakyRelu,
    ThresholdedRelu,
    ScaledTanh,
    HardSigmoid,
    Elu,
    Softsign,
    Softplus
  };
  struct Entry;
  static const Entry table[];
  Kind kind = Kind::Tanh;
  double alpha, beta;
};

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_GATEACTIVATION_H
