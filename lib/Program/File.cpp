//===- File.cpp - program files on disk -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Support/File.h"
#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

namespace pim::program {

Program readFile(const std::string &path) {
  std::vector<std::byte> bytes = readBytes(path);
  try {
    return read(bytes);
  } catch (const Error &error) {
    fail(path, ": ", error.what());
  }
}

} // namespace pim::program
