//===- Strokes.h - the shapes of the ten digits ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How people write the digits: for each digit a few variants, each a list of pen strokes through
// given points. The box is 100 wide and 140 high, y points down.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_EXAMPLES_DIGITS_STROKES_H
#define PIM_EXAMPLES_DIGITS_STROKES_H

#include <array>
#include <vector>

namespace pim::digits {

struct Point {
  double x, y;
};

struct Stroke {
  bool isSmooth; // a Catmull-Rom curve through the points; otherwise straight pieces
  std::vector<Point> points;
};

using Shape = std::vector<Stroke>;

/// The variants of each digit.
const std::array<std::vector<Shape>, 10> &digitShapes();

} // namespace pim::digits

#endif // PIM_EXAMPLES_DIGITS_STROKES_H
