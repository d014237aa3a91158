//===- Assembly.h - programs as text ---------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A listing of a whole program: a directive for each table entry, a line for each instruction, base64 for bulk data.
// docs/BinaryFormat.md describes it. Printing and parsing again gives the same program, byte for byte.
// Tested by unittests/Program/AssemblyTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_ASSEMBLY_H
#define PIM_PROGRAM_ASSEMBLY_H

#include "pim/Program/Program.h"

#include <string>
#include <string_view>

namespace pim::program {

/// REQUIRES: a verified program.
std::string printAssembly(const Program &program);

/// Throws pim::Error that starts with `line N: ` if the text is malformed. The program is verified, too.
Program parseAssembly(std::string_view text);

} // namespace pim::program

#endif // PIM_PROGRAM_ASSEMBLY_H
