//===- Signal.cpp - Fourier transforms and windows ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

using namespace pim;
using namespace pim::onnx;

using Complex = std::complex<double>;

/// Sums that the kernels are ready to spend on one node.
static void limitWork(const Call &call, int64_t rows, int64_t length, int64_t results) {
  call.require(length < (1 << 20) && double(rows) * double(length) * double(results) < 1e11,
               "transforms ", rows, " times ", length, " numbers: too many");
}

/// The first `results` coefficients of the discrete Fourier transform of a list.
static std::vector<Complex> transform(const std::vector<Complex> &in, int64_t results,
                                      bool inverse) {
  int64_t length = int64_t(in.size());
  std::vector<Complex> roots(length), out(results);
  for (int64_t i = 0; i < length; ++i)
    roots[i] = std::polar(1.0, (inverse ? 2 : -2) * std::numbers::pi * double(i) / double(length));
  for (int64_t k = 0; k < results; ++k) {
    Complex sum = 0;
    for (int64_t i = 0; i < length; ++i)
      sum += in[i] * roots[i * k % length];
    out[k] = inverse ? sum / double(length) : sum;
  }
  return out;
}

/// Operand 0 is [..., 1 or 2], real or complex; its transform along an axis may be of another
/// length. The axis is an attribute before opset 20, an operand from then on.
static void dft(Call &call) {
  const Tensor &in = call.in(0);
  bool inverse = call.integer("inverse", 0), onesided = call.integer("onesided", 0);
  call.require(in.rank() >= 2 && isFloat(in.element()) && in.size(in.rank() - 1) >= 1 &&
                   in.size(in.rank() - 1) <= 2,
               "operand 0 of shape ", shapeText(in.shape()), " holds no complex numbers");
  int64_t axis = call.opset() < 20 ? call.integer("axis", 1) : call.integerInput(2, -2);
  axis = call.axis(axis, in.rank());
  call.require(axis != in.rank() - 1, "transforms the axis of real and imaginary parts");
  int64_t width = in.size(in.rank() - 1);
  // Of one-sided spectra the inverse makes real numbers again.
  bool mirrored = onesided && inverse;
  int64_t length = call.integerInput(1, mirrored ? 2 * (in.size(axis) - 1) : in.size(axis));
  call.require(length > 0, "transforms ", length, " numbers");
  int64_t results = onesided && !inverse ? length / 2 + 1 : length;
  Shape shape = in.shape();
  shape[axis] = results;
  shape.back() = mirrored ? 1 : 2;
  AxisView view(in.shape(), axis);
  int64_t inner = view.inner / width;
  limitWork(call, view.outer * inner, length, results);
  Tensor &out = call.out(0, in.element(), shape);
  Reader<double> from(in);
  Writer<double> to(out);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      std::vector<Complex> row(length);
      auto read = [&](int64_t j) {
        const double *x = from.data() + ((o * view.size + j) * inner + i) * width;
        return Complex(x[0], width == 2 ? x[1] : 0);
      };
      for (int64_t j = 0; j < std::min(length, view.size); ++j)
        row[j] = read(j);
      if (mirrored)
        for (int64_t j = length / 2 + 1; j < length; ++j)
          row[j] = std::conj(row[length - j]);
      std::vector<Complex> spectrum = transform(row, results, inverse);
      for (int64_t k = 0; k < results; ++k) {
        double *y = to.data() + ((o * results + k) * inner + i) * shape.back();
        y[0] = spectrum[k].real();
        if (!mirrored)
          y[1] = spectrum[k].imag();
      }
    }
}

/// Transforms of windows of a signal [N, length, 1 or 2], `step` apart: [N, windows, results, 2].
static void stft(Call &call) {
  const Tensor &in = call.in(0);
  call.require((in.rank() == 3 || in.rank() == 2) && isFloat(in.element()), "operand 0 of shape ",
               shapeText(in.shape()), " is no signal");
  int64_t width = in.rank() == 3 ? in.size(2) : 1, size = in.size(1),
          step = call.integerInput(1, 0);
  int64_t length = call.has(3) ? call.integerInput(3, 0) : call.has(2) ? call.in(2).count() : 0;
  call.require(length > 0 && length <= size && step > 0 && width >= 1 && width <= 2, "takes ",
               length, " of ", size, " numbers, ", step, " apart");
  std::vector<double> window(length, 1);
  if (call.has(2)) {
    call.require(call.in(2).count() == length && !call.in(2).isText(), "the window has ",
                 call.in(2).count(), " numbers, expected ", length);
    loadElements(call.in(2), window.data());
  }
  int64_t results = call.integer("onesided", 1) && width == 1 ? length / 2 + 1 : length;
  int64_t windows = (size - length) / step + 1;
  limitWork(call, in.size(0) * windows, length, results);
  Tensor &out = call.out(0, in.element(), {in.size(0), windows, results, 2});
  Reader<double> from(in);
  Writer<double> to(out);
  for (int64_t w = 0; w < in.size(0) * windows; ++w) {
    std::vector<Complex> row(length);
    for (int64_t i = 0; i < length; ++i) {
      const double *x = from.data() + (w / windows * size + w % windows * step + i) * width;
      row[i] = Complex(x[0], width == 2 ? x[1] : 0) * window[i];
    }
    std::vector<Complex> spectrum = transform(row, results, false);
    for (int64_t k = 0; k < results; ++k) {
      to[(w * results + k) * 2] = spectrum[k].real();
      to[(w * results + k) * 2 + 1] = spectrum[k].imag();
    }
  }
}

/// a0 - a1 cos(2 pi i / n) + a2 cos(4 pi i / n), where n is the size, or one less if not periodic.
static void cosineWindow(Call &call, double a0, double a1, double a2) {
  int64_t size = call.integerInput(0, 0);
  ElementType element = call.elementOf(call.integer("output_datatype", 1));
  call.require(element != ElementType::STRING && size >= 0, "makes ", size, " numbers");
  double period = double(call.integer("periodic", 1) ? size : size - 1);
  Tensor &out = call.out(0, element, {size});
  Writer<double> to(out);
  for (int64_t i = 0; i < size; ++i) {
    double angle = 2 * std::numbers::pi * double(i) / std::max(period, 1.0);
    to[i] = a0 - a1 * std::cos(angle) + a2 * std::cos(2 * angle);
  }
}

static void blackmanWindow(Call &call) { cosineWindow(call, 0.42, 0.5, 0.08); }
static void hammingWindow(Call &call) { cosineWindow(call, 25.0 / 46, 21.0 / 46, 0); }
static void hannWindow(Call &call) { cosineWindow(call, 0.5, 0.5, 0); }

/// Weights [bins of a spectrum, bands] of triangular bands whose edges are evenly spaced in mels.
static void melWeightMatrix(Call &call) {
  const int64_t bands = call.integerInput(0, 0), length = call.integerInput(1, 0),
                rate = call.integerInput(2, 0);
  const double low = call.number(3, 0), high = call.number(4, 0);
  const ElementType element = call.elementOf(call.integer("output_datatype", 1));
  call.require(element != ElementType::STRING && bands > 0 && length > 0 && rate > 0 && low >= 0 &&
                   low <= high,
               "makes ", bands, " bands from ", low, " to ", high, " Hz for ", length,
               " samples at ", rate, " Hz");
  const int64_t bins = length / 2 + 1;
  auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  const double step = (mel(high) - mel(low)) / double(bands + 2);
  auto edge = [&](int64_t index) {
    const double hertz = 700 * (std::pow(10, (double(index) * step + mel(low)) / 2595) - 1);
    const double bin = std::floor(double(length + 1) * hertz / double(rate));
    call.require(bin < double(bins), "band ", index, " ends at ", hertz, " Hz, above half of ",
                 rate);
    return int64_t(bin);
  };
  Tensor &out = call.out(0, element, {bins, bands});
  Writer<double> to(out);
  std::fill(to.data(), to.data() + bins * bands, 0.0);
  for (int64_t band = 0; band < bands; ++band) {
    const int64_t first = edge(band), centre = edge(band + 1), last = edge(band + 2);
    for (int64_t bin = first; bin < centre; ++bin)
      to[bin * bands + band] = double(bin - first) / double(centre - first);
    to[centre * bands + band] = 1;
    for (int64_t bin = centre + 1; bin < last; ++bin)
      to[bin * bands + band] = double(last - bin) / double(last - centre);
  }
}

void pim::onnx::addSignal(Registry &registry) {
  registry.add("BlackmanWindow", blackmanWindow, 17);
  registry.add("DFT", dft, 17);
  registry.add("HammingWindow", hammingWindow, 17);
  registry.add("HannWindow", hannWindow, 17);
  registry.add("MelWeightMatrix", melWeightMatrix, 17);
  registry.add("STFT", stft, 17);
}
