//===- Error.h - the error of the LLVM-free libraries ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instruction codec, the program format and the simulator report what is wrong with their input
// by throwing pim::Error. Tools and compiler passes catch it at their border and print its message
// as `tool: error: message`. Anything else that is thrown is a bug of ours.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_ERROR_H
#define PIM_SUPPORT_ERROR_H

#include <sstream>
#include <stdexcept>
#include <string>

namespace pim {

/// The input (a file, a flag, a program) is at fault. The message is lower case, without a full
/// stop, names the file or the part concerned, and says what was found and what was expected.
class Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Throws Error with its arguments streamed one after the other.
template <typename... Parts> [[noreturn]] void fail(const Parts &...parts) {
  std::ostringstream message;
  (message << ... << parts);
  throw Error(message.str());
}

} // namespace pim

#endif // PIM_SUPPORT_ERROR_H
