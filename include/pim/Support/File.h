//===- File.h - whole files, read and written -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_FILE_H
#define PIM_SUPPORT_FILE_H

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace pim {

/// The bytes of a whole file. Throws pim::Error that starts with `path: ` where it is no regular
/// file or cannot be read.
std::vector<std::byte> readBytes(const std::string &path);

/// Whether there is something at `path` that is neither a file nor absent: a device, a pipe, a
/// folder. Nothing may take its place.
bool isSpecial(const std::string &path);

/// Throws pim::Error that starts with `path: ` unless a file can be written there; for before hours
/// are spent on its contents. An empty path (no file wanted) and "-" (standard output) pass.
void requireWritable(const std::string &path);

/// Makes `bytes` the contents of the file `path`, through a temporary file beside it: a reader
/// never sees half a file, and a failure leaves what was there. A device or a pipe is written in
/// place. Throws pim::Error that starts with `path: `.
void writeBytes(const std::string &path, std::span<const std::byte> bytes);

} // namespace pim

#endif // PIM_SUPPORT_FILE_H
