//===- SampleFile.h - samples of a test in a file --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_UNITTESTS_QUANTIZATION_SAMPLEFILE_H
#define PIM_UNITTESTS_QUANTIZATION_SAMPLEFILE_H

#include "llvm/Support/FileSystem.h"

#include <fstream>
#include <random>
#include <span>
#include <string>
#include <vector>

/// Samples of normal floats of shape 1 x `size` for the model's input, in a .npy file that goes
/// with this.
class SampleFile {
public:
  SampleFile(size_t count, size_t size, unsigned seed) : size(size) {
    std::mt19937 random(seed);
    std::normal_distribution<float> draw(0, 1);
    for (size_t i = 0; i < count * size; ++i)
      values.push_back(draw(random));
    llvm::SmallString<128> made;
    llvm::sys::fs::createTemporaryFile("samples", "npy", made);
    path = made.str().str();
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                         std::to_string(count) + ", 1, " + std::to_string(size) + "), }";
    header.resize(118, ' ');
    header[117] = '\n';
    std::ofstream file(path, std::ios::binary);
    file << std::string("\x93NUMPY\x01\x00\x76\x00", 10) << header;
    file.write(reinterpret_cast<const char *>(values.data()),
               std::streamsize(values.size() * sizeof(float)));
  }
  ~SampleFile() { llvm::sys::fs::remove(path); }
  SampleFile(const SampleFile &) = delete;
  SampleFile &operator=(const SampleFile &) = delete;

  std::span<const float> of(size_t sample) const {
    return std::span(values).subspan(sample * size, size);
  }

  std::string path;

private:
  size_t size;
  std::vector<float> values;
};

#endif // PIM_UNITTESTS_QUANTIZATION_SAMPLEFILE_H
