//===- VerifyCode.cpp - instructions of a core ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The static constraints (C1), (C2), ... of docs/isa.md. What is checked here the simulator need
// not check while it runs; what depends on registers (addresses) is checked there.
//
//===----------------------------------------------------------------------===//

#include "Verify.h"
#include "pim/ISA/Assembly.h"
#include "pim/ISA/Codec.h"
#include "pim/ISA/InstructionInfo.h"

#include <algorithm>
#include <optional>

namespace pim::program {

/// Loops that may be open at a time.
constexpr size_t loopStackDepth = 8;

namespace {

/// Checks one instruction after the other; visit() calls the operator for what each is.
class CodeVerifier {
public:
  CodeVerifier(const VerifyContext &context, size_t coreIndex, const std::string &place)
      : context(context), core(*context.header.cores[coreIndex]), coreIndex(coreIndex),
        place(place) {}

  void run();

  // Instructions that have no constraint beyond their encoding and table indices.
  template <typename Other> void operator()(const Other &) {}
  void operator()(const isa::Halt &);
  void operator()(const isa::Restore &);
  void operator()(const isa::Loop &loop);
  void operator()(const isa::DmaCopy &copy);
  void operator()(const isa::DmaFill &fill);
  void operator()(const isa::Mvm &mvm);
  void operator()(const isa::Reprogram &reprogram);
  void operator()(const isa::Vrequant &requant);
  void operator()(const isa::Vlookup &lookup);
  void operator()(const isa::Vmaxpool &pool);
  void operator()(const isa::Vavgpool &pool);
  void operator()(const isa::Vadd &add) { verifyBinary(add, true); }
  void operator()(const isa::Vsub &sub) { verifyBinary(sub, true); }
  void operator()(const isa::Vmul &mul) { verifyBinary(mul, true); }
  void operator()(const isa::Vmin &min) { verifyBinary(min, false); }
  void operator()(const isa::Vmax &max) { verifyBinary(max, false); }

private:
  template <typename... Parts> [[noreturn]] void refuse(const Parts &...parts) {
    failAt(place, "instruction ", position, " '", isa::print(current), "': ", parts...);
  }
  void verifyIndices();
  template <typename Binary> void verifyBinary(const Binary &binary, bool isArithmetic);
  void requireLocal(const fb::TensorDescriptorT &tensor);
  void requireEqualSizes(const fb::TensorDescriptorT &a, const fb::TensorDescriptorT &b);
  void requireSizes(const fb::TensorDescriptorT &tensor, const fb::WindowDescriptorT &window,
                    uint32_t channels);
  void requireVectorInteger(fb::ElementType type);
  void requireHolds(fb::ElementType type, int64_t low, int64_t high);

  const fb::TensorDescriptorT &tensor(uint32_t index) { return *core.tensors[index]; }
  /// A tensor of an instruction that works in the core's own scratchpad.
  const fb::TensorDescriptorT &local(uint32_t index) {
    requireLocal(tensor(index));
    return tensor(index);
  }

  const VerifyContext &context;
  const fb::CoreT &core;
  size_t coreIndex;
  const std::string &place;
  isa::Instruction current;
  size_t position = 0;
  std::vector<size_t> loopEnds; ///< ends of the open loops, innermost last
  std::optional<size_t> round;  ///< that the arrays hold
};

} // namespace

void CodeVerifier::run() {
  std::span<const uint64_t> code = context.program.codeOf(coreIndex);
  if (code.empty())
    failAt(place, "has no code");
  for (position = 0; position < code.size(); ++position) {
    try {
      current = isa::decode(code[position]);
    } catch (const Error &error) {
      failAt(place, "instruction ", position, ": ", error.what());
    }
    while (!loopEnds.empty() && loopEnds.back() == position)
      loopEnds.pop_back();
    verifyIndices();
    isa::visit(current, *this);
  }
  if (current.opcode() != isa::Opcode::Halt)
    failAt(place, "has code that does not end with 'halt'");
}

/// Every field that names an entry of a table names one that exists.
void CodeVerifier::verifyIndices() {
  const isa::InstructionInfo &info = isa::info(current.opcode());
  isa::Operands operands = isa::operands(current);
  for (size_t i = 0; i < info.fields.size(); ++i) {
    size_t limit = 0;
    switch (info.fields[i].kind) {
    case isa::FieldKind::Tensor:
      limit = core.tensors.size();
      break;
    case isa::FieldKind::Window:
      limit = core.windows.size();
      break;
    case isa::FieldKind::Group:
      limit = core.groups.size();
      break;
    case isa::FieldKind::Params:
      limit = core.requantize.size();
      break;
    case isa::FieldKind::Lookup:
      limit = core.lookups.size();
      break;
    case isa::FieldKind::Semaphore:
      limit = context.header.semaphores;
      break;
    case isa::FieldKind::HostCall:
      limit = context.header.host_calls.size();
      break;
    case isa::FieldKind::Register:
    case isa::FieldKind::Flag:
    case isa::FieldKind::Unsigned:
    case isa::FieldKind::Signed:
      continue;
    }
    if (operands[i] < 0 || size_t(operands[i]) >= limit)
      refuse("'", info.fields[i].name, "' is entry ", operands[i], " of a table with ", limit);
  }
}

void CodeVerifier::requireLocal(const fb::TensorDescriptorT &tensor) {
  if (tensor.space != fb::Space::Scratchpad || tensor.core != coreIndex)
    refuse("works on a tensor outside this core's scratchpad; copy it there first");
}

void CodeVerifier::requireEqualSizes(const fb::TensorDescriptorT &a,
                                     const fb::TensorDescriptorT &b) {
  if (a.sizes != b.sizes)
    refuse("has operands of different sizes");
}

void CodeVerifier::requireSizes(const fb::TensorDescriptorT &tensor,
                                const fb::WindowDescriptorT &window, uint32_t channels) {
  if (tensor.sizes != std::vector<uint32_t>{1, window.out_rows, window.out_cols, channels})
    refuse("writes a tensor whose sizes are not [1, ", window.out_rows, ", ", window.out_cols, ", ",
           channels, "]");
}

void CodeVerifier::requireVectorInteger(fb::ElementType type) {
  if (type != fb::ElementType::I8 && type != fb::ElementType::I16 && type != fb::ElementType::I32)
    refuse("has an operand of ", nameOf(type), ", expected i8, i16 or i32");
}

void CodeVerifier::requireHolds(fb::ElementType type, int64_t low, int64_t high) {
  int bits = type == fb::ElementType::I1 ? 2 : int(bytesOf(type)) * 8;
  int64_t limit = (int64_t(1) << (bits - 1)) - 1;
  if (high > limit || low < -limit - 1)
    refuse("writes values from ", low, " to ", high, ", which ", nameOf(type), " cannot hold");
}

void CodeVerifier::operator()(const isa::Halt &) {
  if (!loopEnds.empty())
    refuse("is inside a loop");
}

void CodeVerifier::operator()(const isa::Restore &) {
  if (position != 0)
    refuse("is not the first instruction of its core");
}

void CodeVerifier::operator()(const isa::Loop &loop) {
  size_t end = position + 1 + loop.length;
  if (end > core.code_words)
    refuse("has a body that ends outside the code");
  if (!loopEnds.empty() && end > loopEnds.back())
    refuse("ends outside the loop around it");
  if (loopEnds.size() == loopStackDepth)
    refuse("is the ninth loop around one another, the machine has room for ", loopStackDepth);
  loopEnds.push_back(end);
}

void CodeVerifier::operator()(const isa::DmaCopy &copy) {
  const fb::TensorDescriptorT &dst = tensor(copy.dst), &src = tensor(copy.src);
  requireEqualSizes(dst, src);
  if (dst.element != src.element)
    refuse("copies ", nameOf(src.element), " to ", nameOf(dst.element));
}

void CodeVerifier::operator()(const isa::DmaFill &fill) {
  const fb::TensorDescriptorT &dst = tensor(fill.dst);
  if (dst.element == fb::ElementType::F32 || dst.element == fb::ElementType::I64)
    refuse("fills a tensor of ", nameOf(dst.element), ", expected an integer of at most 32 bits");
  requireHolds(dst.element, fill.value, fill.value);
}

void CodeVerifier::operator()(const isa::Mvm &mvm) {
  const fb::ArrayGroupT &group = *core.groups[mvm.group];
  const fb::WindowDescriptorT &window = *core.windows[mvm.window];
  const fb::TensorDescriptorT &dst = local(mvm.dst);
  if (dst.element != fb::ElementType::I32)
    refuse("writes ", nameOf(dst.element), ", expected i32");
  requireSizes(dst, window, group.matrix_cols);
  uint64_t vector = uint64_t(window.kernel_rows) * window.kernel_cols * window.channels;
  if (vector != group.matrix_rows)
    refuse("gathers vectors of ", vector, " elements for a matrix of ", group.matrix_rows, " rows");
  if (core.rounds.empty())
    return;
  if (!round)
    refuse("drives arrays before any 'reprogram'");
  auto [begin, end] = imagesOfRound(core, *round);
  for (const auto &tile : group.tiles)
    if (tile->array < begin || tile->array >= end)
      refuse("drives image ", tile->array, ", round ", *round, " holds ", begin, " to ", end - 1);
}

void CodeVerifier::operator()(const isa::Reprogram &reprogram) {
  if (reprogram.round >= core.rounds.size())
    refuse("programs a round of a core with ", core.rounds.size());
  if (!loopEnds.empty())
    refuse("stands inside a loop");
  round = reprogram.round;
}

void CodeVerifier::operator()(const isa::Vrequant &requant) {
  const fb::TensorDescriptorT &dst = local(requant.dst), &src = local(requant.src);
  const fb::RequantizeT &params = *core.requantize[requant.params];
  requireEqualSizes(dst, src);
  requireVectorInteger(dst.element);
  requireVectorInteger(src.element);
  requireHolds(dst.element, params.min, params.max);
  uint32_t channels = dst.sizes.back();
  auto checkList = [&](size_t size, const char *name) {
    if (size != 1 && size != channels)
      refuse("uses a table with ", size, " entries of '", name, "', expected 1 or ", channels);
  };
  checkList(params.bias.size(), "bias");
  checkList(params.multiplier.size(), "multiplier");
  checkList(params.shift.size(), "shift");
}

void CodeVerifier::operator()(const isa::Vlookup &lookup) {
  const fb::TensorDescriptorT &dst = local(lookup.dst), &src = local(lookup.src);
  requireEqualSizes(dst, src);
  requireVectorInteger(dst.element);
  if (src.element != fb::ElementType::I8)
    refuse("looks up ", nameOf(src.element), ", expected i8");
  const std::vector<int32_t> &entries = core.lookups[lookup.lookup]->entries;
  auto [low, high] = std::minmax_element(entries.begin(), entries.end());
  requireHolds(dst.element, *low, *high);
}

void CodeVerifier::operator()(const isa::Vmaxpool &pool) {
  const fb::TensorDescriptorT &dst = local(pool.dst);
  const fb::WindowDescriptorT &window = *core.windows[pool.window];
  requireSizes(dst, window, window.channels);
  if (dst.element != window.element)
    refuse("writes ", nameOf(dst.element), " from a window of ", nameOf(window.element));
}

void CodeVerifier::operator()(const isa::Vavgpool &pool) {
  const fb::TensorDescriptorT &dst = local(pool.dst);
  const fb::WindowDescriptorT &window = *core.windows[pool.window];
  const fb::RequantizeT &params = *core.requantize[pool.params];
  requireSizes(dst, window, window.channels);
  if (dst.element != window.element ||
      (dst.element != fb::ElementType::I8 && dst.element != fb::ElementType::I16))
    refuse("averages ", nameOf(window.element), " to ", nameOf(dst.element),
           ", expected i8 or i16, the same for both");
  requireHolds(dst.element, params.min, params.max);
}

template <typename Binary>
void CodeVerifier::verifyBinary(const Binary &binary, bool isArithmetic) {
  const fb::TensorDescriptorT &dst = local(binary.dst), &a = local(binary.a), &b = local(binary.b);
  requireEqualSizes(dst, a);
  requireEqualSizes(dst, b);
  if (dst.element != a.element || dst.element != b.element)
    refuse("has operands of different types");
  requireVectorInteger(dst.element);
  if (isArithmetic && dst.element != fb::ElementType::I32)
    refuse("computes in ", nameOf(dst.element), ", expected i32");
}

void verifyCode(const VerifyContext &context, size_t core, const std::string &place) {
  CodeVerifier(context, core, place).run();
}

} // namespace pim::program
