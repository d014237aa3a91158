//===- DataMovement.cpp - operators that move elements --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "StridedCopy.h"

#include <cstring>

using namespace pim;
using namespace pim::graph;

/// Fails unless the op has `operands` operands and a result of the type of the first.
static size_t bindMove(const Binding &op, size_t operands) {
  op.expectOperands(operands);
  op.expectElement(op.output(), op.input(0).element, "the result");
  return elementBytes(op.output().element);
}

static Step copyStep(StridedCopy copy, size_t elementSize) {
  return
      [=](const Buffers &buffers) { copy.run(buffers.inputs[0], buffers.outputs[0], elementSize); };
}

/// tosa.reshape and tosa.identity: the same bytes under another shape.
Step pim::graph::prepareReshape(const Binding &op) {
  bool reshape = op.code() == "tosa.reshape";
  size_t elementSize = bindMove(op, reshape ? 2 : 1);
  if (!reshape)
    op.expectOutputShape(op.input(0).shape);
  int64_t count = elementCount(op.output().shape);
  if (count != elementCount(op.input(0).shape))
    op.fail("makes ", shapeText(op.output().shape), " of ", shapeText(op.input(0).shape),
            ", which has another number of elements");
  size_t size = static_cast<size_t>(count) * elementSize;
  return [=](const Buffers &buffers) { std::memcpy(buffers.outputs[0], buffers.inputs[0], size); };
}

Step pim::graph::prepareTranspose(const Binding &op) {
  size_t elementSize = bindMove(op, 1);
  const Shape &shape = op.input(0).shape;
  std::vector<int64_t> perms = op.integers("perms", shape.size());
  Shape strides = rowMajorStrides(shape);
  StridedCopy copy;
  std::vector<bool> used(shape.size());
  for (int64_t from : perms) {
    if (from < 0 || from >= static_cast<int64_t>(shape.size()) || used[from])
      op.fail("perms ", shapeText(perms), " is no permutation");
    used[from] = true;
    copy.sizes.push_back(shape[from]);
    copy.sourceStrides.push_back(strides[from]);
  }
  copy.targetStrides = rowMajorStrides(copy.sizes);
  op.expectOutputShape(copy.sizes);
  return copyStep(copy, elementSize);
}

Step pim::graph::prepareConcat(const Binding &op) {
  size_t operands = op.inputCount();
  if (operands == 0)
    op.fail("has no operand");
  size_t elementSize = bindMove(op, operands), axis = op.axis();
  Shape result = op.input(0).shape;
  result[axis] = 0;
  std::vector<StridedCopy> copies;
  Shape targetStrides = rowMajorStrides(op.output().shape);
  for (size_t k = 0; k < operands; ++k) {
    const Shape &shape = op.input(k).shape;
    op.expectElement(op.input(k), op.input(0).element, "an operand");
    Shape others = shape;
    if (shape.size() == result.size())
      others[axis] = result[axis];
    if (others != result)
      op.fail("operand ", k, " of shape ", shapeText(shape), " does not fit ",
              shapeText(op.input(0).shape), " along axis ", axis);
    if (op.output().shape.size() == result.size())
      copies.push_back(
          {shape, rowMajorStrides(shape), targetStrides, 0, result[axis] * targetStrides[axis]});
    result[axis] += shape[axis];
  }
  op.expectOutputShape(result);
  return [=](const Buffers &buffers) {
    for (size_t k = 0; k < copies.size(); ++k)
      copies[k].run(buffers.inputs[k], buffers.outputs[0], elementSize);
  };
}

Step pim::graph::prepareSlice(const Binding &op) {
  size_t elementSize = bindMove(op, 3);
  const Shape &shape = op.input(0).shape;
  std::vector<int64_t> start = op.constantIntegers(1), size = op.constantIntegers(2);
  if (start.size() != shape.size() || size.size() != shape.size())
    op.fail("start ", shapeText(start), " and size ", shapeText(size), " do not fit ",
            shapeText(shape));
  StridedCopy copy{size, rowMajorStrides(shape), rowMajorStrides(size)};
  for (size_t d = 0; d < shape.size(); ++d) {
    if (start[d] < 0 || size[d] < 0 || start[d] > shape[d] || size[d] > shape[d] - start[d])
      op.fail("slice ", shapeText(size), " at ", shapeText(start), " reaches out of ",
              shapeText(shape));
    copy.sourceOffset += start[d] * copy.sourceStrides[d];
  }
  op.expectOutputShape(size);
  return copyStep(copy, elementSize);
}

Step pim::graph::preparePad(const Binding &op) {
  size_t elementSize = bindMove(op, 3);
  const Shape &shape = op.input(0).shape;
  op.expectScalar(2);
  op.expectElement(op.input(2), op.input(0).element, "pad_const");
  std::vector<int64_t> padding = op.constantIntegers(1);
  if (padding.size() != 2 * shape.size())
    op.fail("padding ", shapeText(padding), " does not fit ", shapeText(shape));
  Shape result = shape;
  for (size_t d = 0; d < shape.size(); ++d) {
    constexpr int64_t limit = int64_t(1) << 40;
    if (padding[2 * d] < 0 || padding[2 * d + 1] < 0 || padding[2 * d] > limit ||
        padding[2 * d + 1] > limit)
      op.fail("padding ", shapeText(padding), " is impossible");
    result[d] += padding[2 * d] + padding[2 * d + 1];
  }
  op.expectOutputShape(result);
  StridedCopy copy{shape, rowMajorStrides(shape), rowMajorStrides(result)};
  for (size_t d = 0; d < shape.size(); ++d)
    copy.targetOffset += padding[2 * d] * copy.targetStrides[d];
  int64_t count = elementCount(result);
  return [=](const Buffers &buffers) {
    for (int64_t i = 0; i < count; ++i)
      std::memcpy(buffers.outputs[0] + i * elementSize, buffers.inputs[2], elementSize);
    copy.run(buffers.inputs[0], buffers.outputs[0], elementSize);
  };
}

Step pim::graph::prepareTile(const Binding &op) {
  size_t elementSize = bindMove(op, 2);
  const Shape &shape = op.input(0).shape;
  std::vector<int64_t> multiples = op.constantIntegers(1);
  if (multiples.size() != shape.size())
    op.fail("multiples ", shapeText(multiples), " do not fit ", shapeText(shape));
  Shape result = shape;
  for (size_t d = 0; d < shape.size(); ++d) {
    if (multiples[d] < 1 || multiples[d] > int64_t(1) << 24)
      op.fail("multiples ", shapeText(multiples), " are impossible");
    result[d] *= multiples[d];
  }
  op.expectOutputShape(result);
  // Each dimension becomes two: the copies, which stay in place in the source, and the elements.
  StridedCopy copy;
  Shape sourceStrides = rowMajorStrides(shape), targetStrides = rowMajorStrides(result);
  for (size_t d = 0; d < shape.size(); ++d) {
    copy.sizes.insert(copy.sizes.end(), {multiples[d], shape[d]});
    copy.sourceStrides.insert(copy.sourceStrides.end(), {0, sourceStrides[d]});
    copy.targetStrides.insert(copy.targetStrides.end(),
                              {shape[d] * targetStrides[d], targetStrides[d]});
  }
  return copyStep(copy, elementSize);
}

Step pim::graph::prepareReverse(const Binding &op) {
  size_t elementSize = bindMove(op, 1), axis = op.axis();
  const Shape &shape = op.input(0).shape;
  op.expectOutputShape(shape);
  StridedCopy copy{shape, rowMajorStrides(shape), rowMajorStrides(shape)};
  copy.sourceOffset = (shape[axis] - 1) * copy.sourceStrides[axis];
  copy.sourceStrides[axis] = -copy.sourceStrides[axis];
  return copyStep(copy, elementSize);
}

namespace {
/// What gather and scatter share: values [batch, rows, channels], indices [batch, count].
struct Indexing {
  int64_t batch, rows, channels, count;
};
} // namespace

/// Reads one index, or fails.
static int64_t checkedIndex(const Binding &op, int32_t index, int64_t rows) {
  if (index < 0 || index >= rows)
    op.fail("index ", index, " is outside 0 to ", rows - 1);
  return index;
}

static Indexing bindIndexing(const Binding &op) {
  op.expectRank(0, 3);
  op.expectRank(1, 2);
  op.expectElement(op.input(1), ElementType::I32, "indices");
  const Shape &values = op.input(0).shape, &indices = op.input(1).shape;
  if (values[0] != indices[0])
    op.fail("values ", shapeText(values), " and indices ", shapeText(indices), " do not fit");
  return {values[0], values[1], values[2], indices[1]};
}

Step pim::graph::prepareGather(const Binding &op) {
  size_t elementSize = bindMove(op, 2);
  Indexing shape = bindIndexing(op);
  op.expectOutputShape({shape.batch, shape.count, shape.channels});
  size_t rowSize = static_cast<size_t>(shape.channels) * elementSize;
  return [=](const Buffers &buffers) {
    const int32_t *indices = buffers.in<int32_t>(1);
    for (int64_t n = 0; n < shape.batch; ++n)
      for (int64_t i = 0; i < shape.count; ++i) {
        int64_t position = n * shape.count + i;
        int64_t row = n * shape.rows + checkedIndex(op, indices[position], shape.rows);
        std::memcpy(buffers.outputs[0] + position * rowSize, buffers.inputs[0] + row * rowSize,
                    rowSize);
      }
  };
}

Step pim::graph::prepareScatter(const Binding &op) {
  size_t elementSize = bindMove(op, 3);
  Indexing shape = bindIndexing(op);
  op.expectElement(op.input(2), op.input(0).element, "operand 2");
  if (op.input(2).shape != Shape{shape.batch, shape.count, shape.channels})
    op.fail("operand 2 has shape ", shapeText(op.input(2).shape), ", expected ",
            shapeText(Shape{shape.batch, shape.count, shape.channels}));
  op.expectOutputShape(op.input(0).shape);
  size_t rowSize = static_cast<size_t>(shape.channels) * elementSize;
  return [=](const Buffers &buffers) {
    std::memcpy(buffers.outputs[0], buffers.inputs[0], shape.batch * shape.rows * rowSize);
    const int32_t *indices = buffers.in<int32_t>(1);
    for (int64_t n = 0; n < shape.batch; ++n)
      for (int64_t i = 0; i < shape.count; ++i) {
        int64_t position = n * shape.count + i;
        int64_t row = n * shape.rows + checkedIndex(op, indices[position], shape.rows);
        std::memcpy(buffers.outputs[0] + row * rowSize, buffers.inputs[2] + position * rowSize,
                    rowSize);
      }
  };
}
