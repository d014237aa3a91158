//===- Quantization.cpp - rescale, table, cast, qcast, dcast --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Integers.h"
#include "Scale.h"
#include "pim/Runtime/Graph/Quantize.h"

#include <memory>

using namespace pim;
using namespace pim::graph;

namespace {

struct Rescale {
  int64_t count, channels;
  std::vector<int32_t> multiplier; ///< one for all or one for each channel
  std::vector<int8_t> shift;
  int64_t inputZeroPoint, outputZeroPoint;
  std::vector<float> factor; ///< of INEXACT_ROUND, which multiplies floats; else empty
  bool scale32, doubleRound;
  int64_t unsignedMask; ///< turns a sign-extended 8- or 16-bit input into the unsigned one; all
                        ///< ones otherwise
  int64_t low, high;    ///< of the result
};

template <typename In, typename Out> Step rescaleStep(const Rescale &rescale) {
  auto r = std::make_shared<const Rescale>(rescale);
  return [r](const Buffers &buffers) {
    const In *in = buffers.in<In>(0);
    Out *out = buffers.out<Out>();
    size_t step = r->multiplier.size() > 1 ? 1 : 0;
    for (int64_t i = 0; i < r->count; i += r->channels)
      for (int64_t c = 0; c < r->channels; ++c) {
        int64_t value = (static_cast<int64_t>(in[i + c]) & r->unsignedMask) - r->inputZeroPoint;
        int32_t multiplier = r->multiplier[c * step];
        int shift = r->shift[c * step];
        int64_t scaled =
            !r->factor.empty() ? applyScaleFloat(static_cast<int32_t>(value), r->factor[c * step])
            : r->scale32
                ? applyScale32(static_cast<int32_t>(value), multiplier, shift, r->doubleRound)
                : applyScale16(value, static_cast<int16_t>(multiplier), shift);
        out[i + c] = static_cast<Out>(std::clamp(scaled + r->outputZeroPoint, r->low, r->high));
      }
  };
}

template <typename In> Step rescaleFrom(const Binding &op, const Rescale &rescale) {
  switch (op.output().element) {
  case ElementType::I8:
    return rescaleStep<In, int8_t>(rescale);
  case ElementType::I16:
    return rescaleStep<In, int16_t>(rescale);
  case ElementType::I32:
    return rescaleStep<In, int32_t>(rescale);
  default:
    op.failElement();
  }
}

/// A zero point as the number it means: unsigned if its tensor is.
int64_t zeroPoint(const Binding &op, size_t operand, bool isUnsigned) {
  op.expectScalar(operand);
  int64_t value = op.constantIntegers(operand)[0];
  size_t bits = 8 * elementBytes(op.input(operand).element);
  return isUnsigned ? value & ((int64_t(1) << bits) - 1) : value;
}

Rescale bindRescale(const Binding &op) {
  op.expectOperands(5);
  op.expectOutputShape(op.input(0).shape);
  Rescale rescale;
  rescale.count = elementCount(op.output().shape);
  rescale.channels = op.output().shape.empty() ? 1 : op.output().shape.back();
  rescale.scale32 = op.integer("scale32") != 0;
  op.expectElement(op.input(1), rescale.scale32 ? ElementType::I32 : ElementType::I16,
                   "multiplier");
  op.expectElement(op.input(2), ElementType::I8, "shift");
  for (int64_t value : op.constantIntegers(1)) {
    if (value < 0)
      op.fail("multiplier ", value, " is negative");
    rescale.multiplier.push_back(static_cast<int32_t>(value));
  }
  for (int64_t value : op.constantIntegers(2)) {
    if (value < 2 || value > 62)
      op.fail("shift is ", value, ", expected 2 to 62");
    rescale.shift.push_back(static_cast<int8_t>(value));
  }
  size_t expected = op.flag("per_channel") ? static_cast<size_t>(rescale.channels) : 1;
  if (rescale.multiplier.size() != expected || rescale.shift.size() != expected)
    op.fail("has ", rescale.multiplier.size(), " multipliers and ", rescale.shift.size(),
            " shifts, expected ", expected);

  std::string rounding = op.text("rounding_mode", "SINGLE_ROUND");
  if (rounding != "SINGLE_ROUND" && rounding != "DOUBLE_ROUND" && rounding != "INEXACT_ROUND")
    op.fail("rounding_mode '", rounding, "' is unknown");
  rescale.doubleRound = rounding == "DOUBLE_ROUND";
  if (rescale.doubleRound && !rescale.scale32)
    op.fail("DOUBLE_ROUND needs scale32");
  if (rounding == "INEXACT_ROUND" && rescale.scale32)
    for (size_t i = 0; i < rescale.multiplier.size(); ++i)
      rescale.factor.push_back(floatFactor(rescale.multiplier[i], rescale.shift[i]));

  bool inputUnsigned = op.flag("input_unsigned"), outputUnsigned = op.flag("output_unsigned");
  size_t inputBits = 8 * elementBytes(op.input(0).element);
  size_t outputBits = 8 * elementBytes(op.output().element);
  if ((inputUnsigned && inputBits > 16) || (outputUnsigned && outputBits > 16))
    op.fail("only 8 and 16 bits can be unsigned");
  rescale.unsignedMask = inputUnsigned ? (int64_t(1) << inputBits) - 1 : -1;
  rescale.inputZeroPoint = zeroPoint(op, 3, inputUnsigned);
  rescale.outputZeroPoint = zeroPoint(op, 4, outputUnsigned);
  rescale.low = outputUnsigned ? 0 : -(int64_t(1) << (outputBits - 1));
  rescale.high = (int64_t(1) << (outputBits - (outputUnsigned ? 0 : 1))) - 1;
  return rescale;
}

template <typename T>
std::shared_ptr<std::vector<T>> constantTable(const Binding &op, size_t size) {
  std::vector<int64_t> values = op.constantIntegers(1);
  if (values.size() != size)
    op.fail("the table has ", values.size(), " entries, expected ", size);
  return std::make_shared<std::vector<T>>(values.begin(), values.end());
}

} // namespace

Step pim::graph::prepareRescale(const Binding &op) {
  if (op.inputCount() < 1)
    op.fail("has no operand");
  switch (op.input(0).element) {
  case ElementType::I8:
    return rescaleFrom<int8_t>(op, bindRescale(op));
  case ElementType::I16:
    return rescaleFrom<int16_t>(op, bindRescale(op));
  case ElementType::I32:
    return rescaleFrom<int32_t>(op, bindRescale(op));
  case ElementType::I64: {
    Rescale rescale = bindRescale(op);
    if (rescale.scale32)
      op.fail("scale32 does not take 48-bit operands");
    return rescaleFrom<int64_t>(op, rescale);
  }
  default:
    op.failElement();
  }
}

Step pim::graph::prepareTable(const Binding &op) {
  op.expectOperands(2);
  op.expectOutputShape(op.input(0).shape);
  int64_t count = elementCount(op.output().shape);
  if (op.input(0).element == ElementType::I8 && op.output().element == ElementType::I8) {
    op.expectElement(op.input(1), ElementType::I8, "the table");
    auto table = constantTable<int8_t>(op, 256);
    return elementwise<int8_t, int8_t>(count, [table](int8_t x) { return (*table)[x + 128]; });
  }
  if (op.input(0).element == ElementType::I16 && op.output().element == ElementType::I32) {
    op.expectElement(op.input(1), ElementType::I16, "the table");
    auto table = constantTable<int16_t>(op, 513);
    // Nine bits choose an entry, seven lie between it and the next.
    return elementwise<int16_t, int32_t>(count, [table](int16_t x) {
      int32_t entry = (x >> 7) + 256, fraction = x & 127;
      int32_t base = (*table)[entry], next = (*table)[entry + 1];
      return base * 128 + (next - base) * fraction;
    });
  }
  op.failElement();
}

template <typename In, typename Out> static Step castStep(int64_t count) {
  return elementwise<In, Out>(count, [](In x) -> Out {
    if constexpr (std::is_floating_point_v<In> && std::is_integral_v<Out>)
      return roundToInteger<Out>(x);
    else
      return static_cast<Out>(x); // integers are cut, as TOSA says
  });
}

template <typename In> static Step castFrom(const Binding &op, int64_t count) {
  switch (op.output().element) {
  case ElementType::I1:
    return elementwise<In, uint8_t>(count, [](In x) -> uint8_t { return x != 0; });
  case ElementType::I8:
    return castStep<In, int8_t>(count);
  case ElementType::I16:
    return castStep<In, int16_t>(count);
  case ElementType::I32:
    return castStep<In, int32_t>(count);
  case ElementType::I64:
    return castStep<In, int64_t>(count);
  case ElementType::F32:
    return castStep<In, float>(count);
  default:
    op.failElement();
  }
}

Step pim::graph::prepareCast(const Binding &op) {
  op.expectOperands(1);
  op.expectOutputShape(op.input(0).shape);
  int64_t count = elementCount(op.output().shape);
  switch (op.input(0).element) {
  case ElementType::I1:
    return castFrom<uint8_t>(op, count);
  case ElementType::I8:
    return castFrom<int8_t>(op, count);
  case ElementType::I16:
    return castFrom<int16_t>(op, count);
  case ElementType::I32:
    return castFrom<int32_t>(op, count);
  case ElementType::I64:
    return castFrom<int64_t>(op, count);
  case ElementType::F32:
    return castFrom<float>(op, count);
  default:
    op.failElement();
  }
}

namespace {

/// Scale and zero point of each channel of a quantized tensor, channels along one axis.
struct QuantizedAxis {
  std::vector<double> scale;
  std::vector<int64_t> zeroPoint;
  int64_t low, high;
  int64_t outer = 1, channels = 1, inner = 1;

  /// Calls f(element index, channel).
  template <typename Function> void forEach(Function f) const {
    int64_t index = 0;
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t i = 0; i < inner; ++i)
          f(index++, c);
  }
};

std::shared_ptr<const QuantizedAxis> bindQuantizedAxis(const Binding &op, ElementType storage) {
  op.expectOperands(1);
  op.expectOutputShape(op.input(0).shape);
  auto axis = std::make_shared<QuantizedAxis>();
  const Shape &shape = op.input(0).shape;
  axis->scale = op.attribute("scale").floats;
  axis->zeroPoint = op.attribute("zero_point").ints;
  if (op.hasAttribute("axis")) {
    size_t dimension = op.axis();
    axis->channels = shape[dimension];
    axis->outer = elementCount(std::span(shape).first(dimension));
    axis->inner = elementCount(std::span(shape).subspan(dimension + 1));
  } else {
    axis->inner = elementCount(shape);
  }
  size_t expected = static_cast<size_t>(axis->channels);
  if (axis->scale.size() != expected || axis->zeroPoint.size() != expected)
    op.fail("has ", axis->scale.size(), " scales and ", axis->zeroPoint.size(),
            " zero points, expected ", expected);
  for (double scale : axis->scale)
    if (!(scale > 0) || !std::isfinite(scale))
      op.fail("scale ", scale, " is not a positive number");
  size_t bits = 8 * elementBytes(storage);
  int64_t least = -(int64_t(1) << (bits - 1)), most = -(least + 1);
  axis->low = op.hasAttribute("min") ? op.integer("min") : least;
  axis->high = op.hasAttribute("max") ? op.integer("max") : most;
  if (axis->low > axis->high || axis->low < least || axis->high > most)
    op.fail("range ", axis->low, " to ", axis->high, " does not fit ", elementName(storage));
  return axis;
}

template <typename T> Step quantizeStep(std::shared_ptr<const QuantizedAxis> axis) {
  return [axis](const Buffers &buffers) {
    axis->forEach([&](int64_t i, int64_t c) {
      buffers.out<T>()[i] = static_cast<T>(quantize(buffers.in<float>(0)[i], axis->scale[c],
                                                    axis->zeroPoint[c], axis->low, axis->high));
    });
  };
}

template <typename T> Step dequantizeStep(std::shared_ptr<const QuantizedAxis> axis) {
  return [axis](const Buffers &buffers) {
    axis->forEach([&](int64_t i, int64_t c) {
      buffers.out<float>()[i] = dequantize(buffers.in<T>(0)[i], axis->scale[c], axis->zeroPoint[c]);
    });
  };
}

} // namespace

Step pim::graph::prepareQuantize(const Binding &op) {
  op.expectOperands(1);
  op.expectElement(op.input(0), ElementType::F32, "operand 0");
  ElementType storage = op.output().element;
  switch (storage) {
  case ElementType::I8:
    return quantizeStep<int8_t>(bindQuantizedAxis(op, storage));
  case ElementType::I16:
    return quantizeStep<int16_t>(bindQuantizedAxis(op, storage));
  case ElementType::I32:
    return quantizeStep<int32_t>(bindQuantizedAxis(op, storage));
  default:
    op.failElement();
  }
}

Step pim::graph::prepareDequantize(const Binding &op) {
  op.expectOperands(1);
  op.expectElement(op.output(), ElementType::F32, "the result");
  ElementType storage = op.input(0).element;
  switch (storage) {
  case ElementType::I8:
    return dequantizeStep<int8_t>(bindQuantizedAxis(op, storage));
  case ElementType::I16:
    return dequantizeStep<int16_t>(bindQuantizedAxis(op, storage));
  case ElementType::I32:
    return dequantizeStep<int32_t>(bindQuantizedAxis(op, storage));
  default:
    op.failElement();
  }
}
