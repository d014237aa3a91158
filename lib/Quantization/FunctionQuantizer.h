//===- FunctionQuantizer.h - a function from casts to integers -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The engine of pim-quantize. Every float value can be asked for in three forms: as i8 integers of
// given parameters (narrow), as wider integers before the rescale of a layer (wide), or as the
// floats it is (real). Each form is made at most once, from the forms of the operands, at the place
// where the walk over the old ops stands; the old ops are erased at the end. A value without an
// integer form is asked for as a float, and so becomes part of a float island.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_FUNCTIONQUANTIZER_H
#define PIM_LIB_QUANTIZATION_FUNCTIONQUANTIZER_H

#include "WideValue.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::pim {

class FunctionQuantizer {
public:
  /// `wideAverages`: pooling may average in 16 bits. `floatRescale`: as of IntegerEmitter.
  FunctionQuantizer(func::FuncOp function, int64_t weightBits, bool wideAverages,
                    bool floatRescale);

  LogicalResult run();

  unsigned integerOps() const { return integers.size(); }
  unsigned floatOps() const { return floats.size(); }

private:
  LogicalResult checkTypes();
  void decideArguments();
  void walk();
  LogicalResult replaceResults();
  void eraseOldOps();

  /// The parameters that `value` has as integers without any rounding of its own; nothing if it has
  /// none.
  std::optional<QuantParams> natural(Value value);
  std::optional<QuantParams> findNatural(Value value);
  /// The parameters in which all uses of an argument want it.
  std::optional<QuantParams> demanded(Value value);

  Value narrow(Value value, const QuantParams &params);
  Value makeNarrow(Value value, const QuantParams &params);
  /// narrow() of an op that keeps its operand's parameters.
  Value narrowInPlace(Operation *op, const QuantParams &params);
  Value narrowConstant(Value value, const QuantParams &params);
  Value quantizeFloat(Value value, const QuantParams &params);

  std::optional<WideValue> wide(Value value);
  std::optional<WideValue> makeWide(Value value);
  std::optional<WideValue> wideLinear(Operation *op);
  std::optional<WideValue> wideAffine(Operation *op);
  std::optional<WideValue> wideClamp(Operation *op);
  std::optional<WideValue> wideSum(Operation *op);
  std::optional<WideValue> wideProduct(Operation *op);
  struct PoolWindow {
    ArrayRef<int64_t> kernel, stride, pad;
  };
  WideValue average(Value input, const QuantParams &params, PoolWindow window,
                    ArrayRef<int64_t> resultShape, Location loc);
  std::optional<WideValue> wideAverage(Operation *op);
  std::optional<WideValue> wideReduction(Operation *op);
  std::optional<WideValue> wideMovement(Operation *op);
  WideValue wideConstant(Value value, Location loc, int64_t steps);

  /// Integers of 32 bits at one scale.
  struct Sums {
    Value value;
    quant::UniformQuantizedType type;
  };
  /// What a linear op or a mean makes of `value`, if nothing says what range it has.
  std::optional<Sums> sums(Value value);
  Value real(Value value);
  Value makeReal(Value value);
  Value dequantize(Value integers, quant::QuantizedType type, Location loc);

  /// A copy of `op` with new data operands, of another element type.
  Value cloneOn(Operation *op, ArrayRef<Value> operands, Type element);

  func::FuncOp function;
  OpBuilder builder;
  IntegerEmitter emitter;
  int64_t weightBits;
  bool wideAverages;
  bool floatRescale;
  bool failed = false;

  struct Narrow {
    QuantParams params;
    Value value;
  };
  DenseMap<Value, std::optional<QuantParams>> naturals;
  DenseMap<Value, QuantParams> argumentParams;
  DenseMap<Value, SmallVector<Narrow, 1>> narrows;
  DenseMap<Value, std::optional<WideValue>> wides;
  DenseMap<Value, std::optional<Sums>> allSums;
  DenseMap<Value, Value> reals;
  llvm::SmallVector<Operation *> oldOps;
  llvm::SetVector<Operation *> integers, floats;
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_FUNCTIONQUANTIZER_H
