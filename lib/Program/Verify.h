//===- Verify.h - the parts of program verification ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What verify() is made of. Everything throws pim::Error with a message that starts with the place,
// "core 3: tensor 5: ". Sizes are multiplied and added in 128 bits, so that no file can make them
// wrap around.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_PROGRAM_VERIFY_H
#define PIM_LIB_PROGRAM_VERIFY_H

#include "pim/Program/Graph.h"
#include "pim/Program/Program.h"
#include "pim/Support/Error.h"

#include <optional>

namespace pim::program {

using Wide = __int128;

/// Fails with the place in front of the message.
template <typename... Parts>
[[noreturn]] void failAt(const std::string &place, const Parts &...parts) {
  fail(place, ": ", parts...);
}

/// Whether memories, ports and instructions may hold the type; the other types are for graphs
/// alone.
inline bool isKnown(fb::ElementType type) {
  return type >= fb::ElementType::MIN && type <= fb::ElementType::F32;
}
inline uint32_t bytesOf(fb::ElementType type) {
  return static_cast<uint32_t>(elementBytes(ElementType(type)));
}
inline const char *nameOf(fb::ElementType type) { return elementName(ElementType(type)); }

/// What the parts look things up in.
struct VerifyContext {
  const Program &program;
  const fb::ProgramT &header;
  target::Target target;
  /// The graph of `--check`, if the program has one.
  std::optional<graph::Graph> reference;
};

/// A box of the program's or a core's tensor table. `core` is the core that owns the table, -1 for
/// the program.
void verifyTensor(const VerifyContext &context, const fb::TensorDescriptorT &tensor, int core,
                  const std::string &place);
/// Windows, groups, requantize and lookup tables of a core.
void verifyCoreTables(const VerifyContext &context, size_t core, const std::string &place);
/// Instructions of a core: they decode, what they name exists and fits together, loops end inside.
void verifyCode(const VerifyContext &context, size_t core, const std::string &place);
void verifyPort(const VerifyContext &context, const fb::PortT &port, const std::string &place);
void verifyHostCall(const VerifyContext &context, const fb::HostCallT &call,
                    const std::string &place);

} // namespace pim::program

#endif // PIM_LIB_PROGRAM_VERIFY_H
