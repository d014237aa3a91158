//===- Assembly.h - programs as text ---------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A listing of a whole program: a directive for each table entry, a line for each instruction,
// base64 for bulk data. docs/BinaryFormat.md describes it. Printing and parsing again gives the
// same program, byte for byte. Tested by unittests/Program/AssemblyTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_ASSEMBLY_H
#define PIM_PROGRAM_ASSEMBLY_H

#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

#include <string>
#include <string_view>

namespace pim::program {

/// What is wrong with a line of a listing.
class AssemblyError : public Error {
public:
  AssemblyError(size_t line, const std::string &problem)
      : Error("line " + std::to_string(line) + ": " + problem), line(line), problem(problem) {}
  size_t line; ///< from 1
  std::string problem;
};

/// REQUIRES: a verified program.
std::string printAssembly(const Program &program);

/// Throws AssemblyError if the text is malformed, pim::Error if the program does not verify.
Program parseAssembly(std::string_view text);

} // namespace pim::program

#endif // PIM_PROGRAM_ASSEMBLY_H
