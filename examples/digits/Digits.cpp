//===- Digits.cpp - handwriting-like digit images ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digits.h"

#include "Strokes.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <zlib.h>

namespace pim::digits {
namespace {

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    state += 0x9E3779B97F4A7C15u;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// 0 .. bound-1. The bias of the remainder is below 2^-50 for the bounds used here.
  int below(int bound) { return static_cast<int>(next() % static_cast<uint64_t>(bound)); }
  /// Uniform in [low, high).
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1p-53);
  }
  /// Bell-shaped with standard deviation 1: a sum of four uniform numbers, so that no library
  /// function takes part.
  double bell() {
    double sum = 0;
    for (int i = 0; i < 4; ++i)
      sum += uniform(-1, 1);
    return sum * 0.8660254037844386;
  }

private:
  uint64_t state;
};

double length(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }

/// Straight pieces of a pen path, with half the pen's width at each point.
struct Path {
  std::vector<Point> points;
  std::vector<double> halfWidths;
};

/// A smooth random displacement of the plane: bilinear between the nodes of a coarse grid. Two
/// writers differ mostly by such stretches.
class Distortion {
public:
  Distortion(Random &random, double amount) {
    for (Point &node : nodes)
      node = {random.bell() * amount, random.bell() * amount};
  }
  Point operator()(Point p) const {
    double column = std::clamp(p.x / 100 * (kNodes - 1), 0.0, kNodes - 1.001);
    double row = std::clamp(p.y / 140 * (kNodes - 1), 0.0, kNodes - 1.001);
    int c = static_cast<int>(column), r = static_cast<int>(row);
    double u = column - c, v = row - r;
    auto at = [&](int dr, int dc) { return nodes[(r + dr) * kNodes + c + dc]; };
    auto mix = [&](double a, double b, double d, double e) {
      return (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * e);
    };
    return {p.x + mix(at(0, 0).x, at(0, 1).x, at(1, 0).x, at(1, 1).x),
            p.y + mix(at(0, 0).y, at(0, 1).y, at(1, 0).y, at(1, 1).y)};
  }

private:
  static constexpr int kNodes = 4;
  std::array<Point, kNodes * kNodes> nodes;
};

/// Catmull-Rom curve through `points`, as `steps` straight pieces between two of them.
std::vector<Point> smooth(const std::vector<Point> &points, int steps) {
  std::vector<Point> result;
  auto at = [&](size_t i, int offset) {
    int64_t index = static_cast<int64_t>(i) + offset;
    return points[std::clamp<int64_t>(index, 0, static_cast<int64_t>(points.size()) - 1)];
  };
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    Point a = at(i, -1), b = at(i, 0), c = at(i, 1), d = at(i, 2);
    for (int step = 0; step < steps; ++step) {
      double t = static_cast<double>(step) / steps;
      auto blend = [t](double a, double b, double c, double d) {
        return b + 0.5 * t *
                       ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * b - a - 3 * c + d)));
      };
      result.push_back({blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)});
    }
  }
  result.push_back(points.back());
  return result;
}

/// The pen paths of one written digit, in pixels of the image.
std::vector<Path> writeDigit(int label, Random &random) {
  const std::vector<Shape> &variants = digitShapes()[label];
  const Shape &shape = variants[random.below(static_cast<int>(variants.size()))];
  Distortion distortion(random, random.uniform(3, 12));
  double jitter = random.uniform(0.5, 4);

  // Rotation by the half-angle form: the tangent of half the angle is the random number.
  double t = random.bell() * 0.11;
  double cosine = (1 - t * t) / (1 + t * t), sine = 2 * t / (1 + t * t);
  double shear = random.bell() * 0.2;
  double scale = random.uniform(0.108, 0.158);
  double aspect = random.uniform(0.72, 1.15);
  double dx = random.bell() * 1.1, dy = random.bell() * 1.1;
  double pen = random.uniform(0.62, 1.75);
  double pressure = random.uniform(0, 0.35);

  std::vector<Path> paths;
  for (const Stroke &stroke : shape) {
    std::vector<Point> points = stroke.points;
    // Straight strokes of a hand are not straight: a point is added in the middle of each piece.
    if (!stroke.isSmooth) {
      std::vector<Point> refined;
      for (size_t i = 0; i + 1 < points.size(); ++i) {
        refined.push_back(points[i]);
        refined.push_back(
            {(points[i].x + points[i + 1].x) / 2, (points[i].y + points[i + 1].y) / 2});
      }
      refined.push_back(points.back());
      points = refined;
    }
    for (Point &p : points) {
      Point moved = {p.x + random.bell() * jitter, p.y + random.bell() * jitter};
      p = distortion(moved);
    }
    if (stroke.isSmooth)
      points = smooth(points, 6);
    Path path;
    double width = pen * (1 + pressure * random.bell());
    for (Point p : points) {
      double x = (p.x - 50) * aspect, y = p.y - 70;
      x -= shear * y;
      path.points.push_back({(cosine * x - sine * y) * scale + kImageSize / 2.0 + dx,
                             (sine * x + cosine * y) * scale + kImageSize / 2.0 + dy});
      width += pen * pressure * 0.15 * random.bell();
      width = std::clamp(width, 0.45, 2.1);
      path.halfWidths.push_back(width);
    }
    paths.push_back(std::move(path));
  }
  return paths;
}

/// How far `p` is outside the ink of the piece from point i to i+1; negative inside.
double distanceToInk(Point p, const Path &path, size_t i) {
  Point a = path.points[i], b = path.points[i + 1];
  Point along = {b.x - a.x, b.y - a.y}, toPoint = {p.x - a.x, p.y - a.y};
  double square = along.x * along.x + along.y * along.y;
  double t = square > 0 ? (along.x * toPoint.x + along.y * toPoint.y) / square : 0;
  t = std::clamp(t, 0.0, 1.0);
  double halfWidth = path.halfWidths[i] * (1 - t) + path.halfWidths[i + 1] * t;
  return length({toPoint.x - t * along.x, toPoint.y - t * along.y}) - halfWidth;
}

/// Ink of every pixel in 0..1. The edge fades over `softness` pixels, which stands for blur.
std::array<double, kPixels> inkPaths(const std::vector<Path> &paths, double softness) {
  std::array<double, kPixels> ink{};
  for (const Path &path : paths)
    for (size_t i = 0; i + 1 < path.points.size(); ++i) {
      Point a = path.points[i], b = path.points[i + 1];
      double reach = std::max(path.halfWidths[i], path.halfWidths[i + 1]) + softness;
      int left = std::max(0, static_cast<int>(std::min(a.x, b.x) - reach) - 1);
      int right = std::min(kImageSize - 1, static_cast<int>(std::max(a.x, b.x) + reach) + 1);
      int top = std::max(0, static_cast<int>(std::min(a.y, b.y) - reach) - 1);
      int bottom = std::min(kImageSize - 1, static_cast<int>(std::max(a.y, b.y) + reach) + 1);
      for (int y = top; y <= bottom; ++y)
        for (int x = left; x <= right; ++x) {
          double distance = distanceToInk({x + 0.5, y + 0.5}, path, i);
          double amount = std::clamp(0.5 - distance / softness, 0.0, 1.0);
          double &pixel = ink[y * kImageSize + x];
          pixel = std::max(pixel, amount);
        }
    }
  return ink;
}

/// A short stray stroke, such as a slip of the pen or a neighbouring letter cut off by the box.
Path strayStroke(Random &random) {
  Point start = {random.uniform(0, kImageSize), random.uniform(0, kImageSize)};
  Point end = {start.x + random.bell() * 3.5, start.y + random.bell() * 3.5};
  double halfWidth = random.uniform(0.4, 0.9);
  return {{start, end}, {halfWidth, halfWidth}};
}

} // namespace

Image drawDigit(int label, uint64_t seed) {
  Random random(seed);
  std::vector<Path> paths = writeDigit(label, random);
  if (random.below(100) < 22)
    paths.push_back(strayStroke(random));
  double softness = random.uniform(0.9, 2.6);
  std::array<double, kPixels> ink = inkPaths(paths, softness);

  double darkness = random.uniform(150, 262);
  double grain = random.uniform(0, 0.22); // the pen does not cover the paper evenly
  int speckles = random.below(100) < 30 ? random.below(14) : 0;
  Image image;
  for (int i = 0; i < kPixels; ++i) {
    double level = ink[i] * darkness * (1 + grain * random.bell());
    image[i] = static_cast<uint8_t>(std::clamp(level + 0.5, 0.0, 255.0));
  }
  for (int i = 0; i < speckles; ++i) {
    int pixel = random.below(kPixels);
    image[pixel] = static_cast<uint8_t>(std::min(255, image[pixel] + 30 + random.below(150)));
  }
  return image;
}

Dataset makeDataset(uint64_t seed, size_t count) {
  Dataset dataset;
  dataset.images.reserve(count);
  dataset.labels.reserve(count);
  uint64_t base = Random(seed).next(); // near seeds must not give related images
  for (size_t i = 0; i < count; ++i) {
    Random random(base + i);
    int label = random.below(10);
    dataset.images.push_back(drawDigit(label, random.next()));
    dataset.labels.push_back(static_cast<uint8_t>(label));
  }
  return dataset;
}

namespace {

void appendBigEndian(std::string &bytes, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(value >> shift));
}

/// zlib writes no time stamp here, so equal contents give equal files.
void writeGzip(const std::string &path, const std::string &bytes) {
  gzFile file = gzopen(path.c_str(), "wb9");
  bool written = file && gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) ==
                             static_cast<int>(bytes.size());
  bool closed = file && gzclose(file) == Z_OK;
  if (!written || !closed)
    throw std::runtime_error(path + ": cannot be written");
}

} // namespace

void writeIdx(const Dataset &dataset, const std::string &prefix) {
  std::string images, labels;
  appendBigEndian(images, 0x00000803);
  appendBigEndian(images, static_cast<uint32_t>(dataset.images.size()));
  appendBigEndian(images, kImageSize);
  appendBigEndian(images, kImageSize);
  for (const Image &image : dataset.images)
    images.append(image.begin(), image.end());
  appendBigEndian(labels, 0x00000801);
  appendBigEndian(labels, static_cast<uint32_t>(dataset.labels.size()));
  labels.append(dataset.labels.begin(), dataset.labels.end());
  writeGzip(prefix + "-images-idx3-ubyte.gz", images);
  writeGzip(prefix + "-labels-idx1-ubyte.gz", labels);
}

} // namespace pim::digits
