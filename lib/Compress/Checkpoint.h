//===- Checkpoint.h - what a resumed run needs ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_CHECKPOINT_H
#define LIB_COMPRESS_CHECKPOINT_H

#include "Torch.h"

namespace pim::compress {

/// Tensors, numbers and texts by name, in one .npz file that is replaced as a whole: a run that is
/// killed while writing leaves the checkpoint before.
struct Checkpoint {
  TensorMap tensors; ///< float32 or int64
  std::map<std::string, std::string> texts;

  int64_t number(const std::string &name) const;
  void setNumber(const std::string &name, int64_t value) { texts[name] = std::to_string(value); }
  /// Tensors whose names begin with `prefix`, without it.
  TensorMap section(const std::string &prefix) const;
  void setSection(const std::string &prefix, const TensorMap &values);

  /// Throws pim::Error "path: ..." if the file cannot be written, or is no checkpoint.
  void write(const std::string &path) const;
  static Checkpoint read(const std::string &path);
};

} // namespace pim::compress

#endif // LIB_COMPRESS_CHECKPOINT_H
