//===- SmallFloats.cpp - floats of 16 bits and less -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/SmallFloats.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

using namespace pim;

namespace {

/// Which codes are no finite number.
enum class Special {
  IEEE,      ///< the highest exponent: infinity and NaN, as IEEE 754 says
  LastIsNaN, ///< all ones but the sign ("FN")
  MinusZero, ///< minus zero is the one NaN ("FNUZ")
  None
};

/// How a small float lies in its bits.
struct FloatFormat {
  int exponentBits, mantissaBits, bias;
  Special special;

  int signBit() const { return exponentBits + mantissaBits; }
  /// The highest exponent alone.
  int highest() const { return ((1 << exponentBits) - 1) << mantissaBits; }
  /// The largest finite magnitude.
  int largest() const {
    int last = (1 << signBit()) - 1;
    return special == Special::IEEE        ? highest() - 1
           : special == Special::LastIsNaN ? last - 1
                                           : last;
  }
};

} // namespace

bool pim::isSmallFloat(ElementType type) {
  using enum ElementType;
  switch (type) {
  case F16:
  case BF16:
  case F8E4M3FN:
  case F8E4M3FNUZ:
  case F8E5M2:
  case F8E5M2FNUZ:
  case F8E8M0:
  case F4E2M1:
    return true;
  default:
    return false;
  }
}

/// From IEEE 754, bfloat16, "FP8 Formats for Deep Learning" (2022) with ONNX's UZ kinds, and "OCP
/// Microscaling Formats" 1.0. REQUIRES: not F8E8M0, which has no mantissa.
static FloatFormat formatOf(ElementType type) {
  using enum ElementType;
  switch (type) {
  case F16:
    return {5, 10, 15, Special::IEEE};
  case BF16:
    return {8, 7, 127, Special::IEEE};
  case F8E4M3FN:
    return {4, 3, 7, Special::LastIsNaN};
  case F8E4M3FNUZ:
    return {4, 3, 8, Special::MinusZero};
  case F8E5M2:
    return {5, 2, 15, Special::IEEE};
  case F8E5M2FNUZ:
    return {5, 2, 16, Special::MinusZero};
  default:
    return {2, 1, 1, Special::None};
  }
}

// A scale is 2 to its code less this; the last code is NaN.
constexpr int scaleBias = 127, scaleNaN = 255;

static float decodeScale(int code) {
  return code == scaleNaN ? std::numeric_limits<float>::quiet_NaN()
                          : std::ldexp(1.0f, code - scaleBias);
}

static uint16_t encodeScale(float value, SmallFloatOptions options) {
  if (std::isnan(value))
    return scaleNaN;
  const uint16_t tooSmall = options.saturate ? 0 : scaleNaN;
  const uint16_t tooLarge = options.saturate ? scaleNaN - 1 : scaleNaN;
  float magnitude = std::fabs(value);
  if (magnitude < decodeScale(0))
    return tooSmall;
  if (std::isinf(magnitude))
    return tooLarge;
  int exponent;
  float mantissa = 2 * std::frexp(magnitude, &exponent); // from 1 to 2
  bool roundsUp = options.rounding == ScaleRounding::Up        ? mantissa > 1
                  : options.rounding == ScaleRounding::Nearest ? mantissa >= 1.5f
                                                               : false;
  int code = exponent - 1 + scaleBias + roundsUp;
  return code >= scaleNaN ? tooLarge : uint16_t(code);
}

float pim::decodeFloat(ElementType type, uint16_t bits) {
  if (type == ElementType::BF16)
    return std::bit_cast<float>(uint32_t(bits) << 16);
  if (type == ElementType::F8E8M0)
    return decodeScale(bits & scaleNaN);
  FloatFormat format = formatOf(type);
  int magnitude = bits & ((1 << format.signBit()) - 1);
  bool negative = (bits >> format.signBit()) & 1;
  int exponent = magnitude >> format.mantissaBits;
  int mantissa = magnitude & ((1 << format.mantissaBits) - 1);
  if (magnitude > format.largest())
    return format.special == Special::IEEE && mantissa == 0
               ? (negative ? -HUGE_VALF : HUGE_VALF)
               : std::numeric_limits<float>::quiet_NaN();
  if (format.special == Special::MinusZero && negative && magnitude == 0)
    return std::numeric_limits<float>::quiet_NaN();
  float value = exponent == 0 ? std::ldexp(float(mantissa), 1 - format.bias - format.mantissaBits)
                              : std::ldexp(float(mantissa + (1 << format.mantissaBits)),
                                           exponent - format.bias - format.mantissaBits);
  return negative ? -value : value;
}

/// What stands for NaN where the sign bit is `sign`: minus zero where there is none.
static int nanOf(const FloatFormat &format, int sign) {
  switch (format.special) {
  case Special::IEEE:
    return sign | format.highest() | (1 << (format.mantissaBits - 1));
  case Special::LastIsNaN:
    return sign | ((1 << format.signBit()) - 1);
  default:
    return 1 << format.signBit();
  }
}

uint16_t pim::encodeFloat(ElementType type, float value, SmallFloatOptions options) {
  if (type == ElementType::F8E8M0)
    return encodeScale(value, options);
  FloatFormat format = formatOf(type);
  int sign = std::signbit(value) ? 1 << format.signBit() : 0;
  if (std::isnan(value))
    return uint16_t(nanOf(format, sign));
  bool isWide = format.signBit() == 15; // F16 and BF16 never saturate
  bool saturates = format.special == Special::None || (options.saturate && !isWide);
  int overflow = saturates                         ? sign | format.largest()
                 : format.special == Special::IEEE ? sign | format.highest()
                                                   : nanOf(format, sign);
  float magnitude = std::fabs(value);
  if (std::isinf(magnitude))
    return uint16_t(overflow);
  int64_t code = 0;
  if (magnitude > 0) {
    int exponent;
    std::frexp(magnitude, &exponent);
    exponent = std::max(exponent - 1, 1 - format.bias);
    // In units of the last place; rounding up may carry into the exponent, which is what is wanted.
    float scaled = std::nearbyint(std::ldexp(magnitude, format.mantissaBits - exponent));
    code = (int64_t(exponent + format.bias - 1) << format.mantissaBits) + int64_t(scaled);
  }
  if (code > format.largest())
    return uint16_t(overflow);
  if (code == 0 && format.special == Special::MinusZero)
    return 0;
  return uint16_t(sign | code);
}
