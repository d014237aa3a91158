//===- Casts.cpp - conversions between element types ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <charconv>
#include <cmath>
#include <cstring>

using namespace pim;
using namespace pim::onnx;

/// The shortest text that reads back as the number, as NumPy prints it.
static std::string printNumber(double value, ElementType type) {
  if (std::isnan(value))
    return "NaN";
  if (std::isinf(value))
    return value < 0 ? "-INF" : "INF";
  char buffer[64];
  auto end = type == ElementType::F64
                 ? std::to_chars(buffer, buffer + sizeof buffer, value).ptr
                 : std::to_chars(buffer, buffer + sizeof buffer, float(value)).ptr;
  return std::string(buffer, end);
}

static Tensor textsToNumbers(const Call &call, const Tensor &source, ElementType element) {
  Tensor target(element, source.shape());
  auto read = [&]<typename W>(W) {
    Writer<W> to(target);
    for (int64_t i = 0; i < source.count(); ++i) {
      const std::string &text = source.texts()[i];
      char *end = nullptr;
      if constexpr (std::is_same_v<W, int64_t>)
        to[i] = std::strtoll(text.c_str(), &end, 10);
      else
        to[i] = W(std::strtod(text.c_str(), &end));
      call.require(end != text.c_str() && *end == 0, "'", text, "' is no number");
    }
  };
  if (wideOf(element) == Wide::Int)
    read(int64_t());
  else
    read(double());
  return target;
}

static Tensor numbersToTexts(const Tensor &source) {
  Tensor target(ElementType::STRING, source.shape());
  if (isFloat(source.element())) {
    Reader<double> from(source);
    for (int64_t i = 0; i < source.count(); ++i)
      target.texts()[i] = printNumber(from[i], source.element());
  } else {
    Reader<int64_t> from(source);
    for (int64_t i = 0; i < source.count(); ++i)
      target.texts()[i] = std::to_string(from[i]);
  }
  return target;
}

Tensor pim::onnx::castTo(const Call &call, const Tensor &source, ElementType element,
                         SmallFloatOptions options) {
  if (source.element() == element)
    return source;
  if (source.isText())
    return textsToNumbers(call, source, element);
  if (element == ElementType::STRING)
    return numbersToTexts(source);
  Tensor target(element, source.shape());
  if (elementBytes(element) == 1 && isSmallFloat(element)) {
    Reader<float> from(source);
    for (int64_t i = 0; i < source.count(); ++i)
      target.data<uint8_t>()[i] = uint8_t(encodeFloat(element, from[i], options));
    return target;
  }
  // ONNX, "4 bit integer types": to the nearest integer, halves to even, where others are cut.
  if (isFloat(source.element()) && element != ElementType::I1 && elementBits(element) < 8) {
    Reader<double> from(source);
    std::vector<double> rounded(from.begin(), from.end());
    for (double &x : rounded)
      x = std::nearbyint(x);
    storeElements(rounded.data(), target);
    return target;
  }
  visitWide(source.element(), [&]<typename W>(W) {
    Reader<W> from(source);
    storeElements(from.data(), target);
  });
  return target;
}

static SmallFloatOptions optionsOf(const Call &call) {
  std::string rounding = call.text("round_mode", "up");
  call.require(rounding == "up" || rounding == "down" || rounding == "nearest",
               "attribute 'round_mode' is '", rounding, "', expected up, down or nearest");
  return {call.integer("saturate", 1) != 0, rounding == "up"     ? ScaleRounding::Up
                                            : rounding == "down" ? ScaleRounding::Down
                                                                 : ScaleRounding::Nearest};
}

static void cast(Call &call) {
  int64_t to = call.integer("to", 0);
  // Before opset 6 the type was a text.
  call.require(to != 0, "attribute 'to' is missing");
  call.set(0, castTo(call, call.in(0), call.elementOf(to), optionsOf(call)));
}

static void castLike(Call &call) {
  call.set(0, castTo(call, call.in(0), call.in(1).element(), optionsOf(call)));
}

/// What BitCast compares: a bool is a byte of its own.
static size_t castBits(ElementType type) { return type == ElementType::I1 ? 8 : elementBits(type); }

static void bitCast(Call &call) {
  ElementType element = call.elementOf(call.integer("to", 0));
  const Tensor &in = call.in(0);
  call.require(!in.isText() && element != ElementType::STRING &&
                   castBits(element) == castBits(in.element()),
               "casts bits between types of other widths");
  Tensor &out = call.out(0, element, in.shape());
  if (!in.bytes().empty())
    std::memcpy(out.data<std::byte>(), in.data<std::byte>(), in.bytes().size());
  size_t bits = castBits(element);
  if (bits >= 8)
    return;
  // A signed integer of less than a byte fills the byte with its sign.
  int sign = wideOf(element) == Wide::Int && !isUnsigned(element) ? 1 << (bits - 1) : 0;
  for (int64_t i = 0; i < out.count(); ++i) {
    uint8_t &byte = out.data<uint8_t>()[i];
    byte = uint8_t(((byte & ((1 << bits) - 1)) ^ sign) - sign);
  }
}

void pim::onnx::addCasts(Registry &registry) {
  registry.add("BitCast", bitCast, 26);
  registry.add("Cast", cast, 6);
  registry.add("CastLike", castLike, 15);
}
