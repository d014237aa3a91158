//===- ElementTypes.cpp - names, sizes and numbers of element types -------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/ElementTypes.h"
#include "pim/Program/Graph_generated.h"
#include "pim/Support/Error.h"

#include <iterator>

namespace pim {

static_assert(int(ElementType::F32) == int(fb::ElementType::F32) &&
                  int(ElementType::F64) == int(fb::ElementType::F64) &&
                  int(ElementType::U2) == int(fb::ElementType::U2),
              "both enumerations list the same types");

namespace {
/// A type as onnx.proto has it.
struct DataType {
  int number;
  const char *name;
};

struct ElementTraits {
  const char *name;
  size_t bits;
  DataType dataType;
};
} // namespace

/// In the order of ElementType.
static constexpr ElementTraits elementTraits[] = {
    {"i1", 1, {9, "BOOL"}},
    {"i8", 8, {3, "INT8"}},
    {"i16", 16, {5, "INT16"}},
    {"i32", 32, {6, "INT32"}},
    {"i64", 64, {7, "INT64"}},
    {"f32", 32, {1, "FLOAT"}},
    {"u8", 8, {2, "UINT8"}},
    {"u16", 16, {4, "UINT16"}},
    {"u32", 32, {12, "UINT32"}},
    {"u64", 64, {13, "UINT64"}},
    {"f16", 16, {10, "FLOAT16"}},
    {"bf16", 16, {16, "BFLOAT16"}},
    {"f64", 64, {11, "DOUBLE"}},
    {"i4", 4, {22, "INT4"}},
    {"u4", 4, {21, "UINT4"}},
    {"f8E4M3FN", 8, {17, "FLOAT8E4M3FN"}},
    {"f8E4M3FNUZ", 8, {18, "FLOAT8E4M3FNUZ"}},
    {"f8E5M2", 8, {19, "FLOAT8E5M2"}},
    {"f8E5M2FNUZ", 8, {20, "FLOAT8E5M2FNUZ"}},
    {"string", 8, {8, "STRING"}},
    {"f8E8M0", 8, {24, "FLOAT8E8M0"}},
    {"f4E2M1", 4, {23, "FLOAT4E2M1"}},
    {"i2", 2, {26, "INT2"}},
    {"u2", 2, {25, "UINT2"}},
};
static_assert(std::size(elementTraits) == elementTypeCount);

/// Those without a form here.
static constexpr DataType otherDataTypes[] = {{14, "COMPLEX64"}, {15, "COMPLEX128"}};

static const ElementTraits &traitsOf(ElementType type) {
  if (size_t(type) >= elementTypeCount)
    fail("unknown element type ", int(type));
  return elementTraits[size_t(type)];
}

size_t elementBytes(ElementType type) { return (traitsOf(type).bits + 7) / 8; }

size_t elementBits(ElementType type) { return traitsOf(type).bits; }

const char *elementName(ElementType type) { return traitsOf(type).name; }

int dataTypeOf(ElementType type) { return traitsOf(type).dataType.number; }

std::optional<ElementType> elementOfDataType(int64_t number) {
  for (size_t type = 0; type < elementTypeCount; ++type)
    if (elementTraits[type].dataType.number == number)
      return ElementType(type);
  return std::nullopt;
}

static const DataType *findDataType(int64_t number) {
  if (std::optional<ElementType> type = elementOfDataType(number))
    return &traitsOf(*type).dataType;
  for (const DataType &other : otherDataTypes)
    if (other.number == number)
      return &other;
  return nullptr;
}

bool isDataType(int64_t number) { return findDataType(number); }

std::string dataTypeName(int64_t number) {
  const DataType *found = findDataType(number);
  return found ? found->name : std::to_string(number);
}

} // namespace pim
