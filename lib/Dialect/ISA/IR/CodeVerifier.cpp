//===- CodeVerifier.cpp - checks the instructions of a core -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See CodeVerifier.h. Each check carries the number of its constraint: code_cN is in ISACoreOps.td,
// MNEMONIC_cN in the description of the instruction. Checks are reached by visit(), so that a new
// instruction has to say what it requires.
//
//===----------------------------------------------------------------------===//
#include "CodeVerifier.h"

#include "BoxChecks.h"
#include "pim/Dialect/ISA/IR/InstructionConversion.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::pim::isa;
namespace codec = ::pim::isa;

/// Loops that the hardware can keep open at a time.
static constexpr size_t kLoopStackDepth = 8;

namespace {

/// The tables of a core and the checks of one instruction after the other.
class CodeVerifier {
public:
  CodeVerifier(CoreOp core, const ProgramTables &program)
      : program(program), core(core), tensors(list<TensorOp>()), windows(list<WindowOp>()),
        groups(list<ArrayGroupOp>()), params(list<RequantizeOp>()), lookups(list<LookupOp>()),
        instructions(getInstructionOps(core)) {}

  LogicalResult verify();

  // One overload per instruction that has constraints of its own.
  LogicalResult operator()(const codec::Halt &);
  LogicalResult operator()(const codec::Restore &);
  LogicalResult operator()(const codec::Loop &);
  LogicalResult operator()(const codec::DmaCopy &);
  LogicalResult operator()(const codec::DmaFill &);
  LogicalResult operator()(const codec::Mvm &);
  LogicalResult operator()(const codec::Reprogram &);
  LogicalResult operator()(const codec::Vrequant &);
  LogicalResult operator()(const codec::Vadd &x) { return verifyArithmetic(x.dst, x.a, x.b); }
  LogicalResult operator()(const codec::Vsub &x) { return verifyArithmetic(x.dst, x.a, x.b); }
  LogicalResult operator()(const codec::Vmul &x) { return verifyArithmetic(x.dst, x.a, x.b); }
  LogicalResult operator()(const codec::Vmin &x) { return verifyComparison(x.dst, x.a, x.b); }
  LogicalResult operator()(const codec::Vmax &x) { return verifyComparison(x.dst, x.a, x.b); }
  LogicalResult operator()(const codec::Vlookup &);
  LogicalResult operator()(const codec::Vmaxpool &);
  LogicalResult operator()(const codec::Vavgpool &);
  // Those for which verifyIndices() says it all.
  LogicalResult operator()(const codec::Nop &) { return success(); }
  LogicalResult operator()(const codec::Commit &) { return success(); }
  LogicalResult operator()(const codec::Li &) { return success(); }
  LogicalResult operator()(const codec::Addi &) { return success(); }
  LogicalResult operator()(const codec::Add &) { return success(); }
  LogicalResult operator()(const codec::Sub &) { return success(); }
  LogicalResult operator()(const codec::Mul &) { return success(); }
  LogicalResult operator()(const codec::Min &) { return success(); }
  LogicalResult operator()(const codec::Max &) { return success(); }
  LogicalResult operator()(const codec::Wrap &) { return success(); }
  LogicalResult operator()(const codec::Wait &) { return success(); }
  LogicalResult operator()(const codec::Signal &) { return success(); }
  LogicalResult operator()(const codec::Host &) { return success(); }

private:
  template <typename OpTy> SmallVector<OpTy> list() {
    return llvm::to_vector(core.getBodyRegion().getOps<OpTy>());
  }

  LogicalResult verifyIndices(const codec::InstructionInfo &info, const codec::Operands &values);
  LogicalResult verifyArithmetic(uint32_t dst, uint32_t a, uint32_t b);
  LogicalResult verifyComparison(uint32_t dst, uint32_t a, uint32_t b);

  const ProgramTables &program;
  CoreOp core;
  SmallVector<TensorOp> tensors;
  SmallVector<WindowOp> windows;
  SmallVector<ArrayGroupOp> groups;
  SmallVector<RequantizeOp> params;
  SmallVector<LookupOp> lookups;
  SmallVector<Operation *> instructions;

  /// The instruction being looked at.
  Operation *op = nullptr;
  size_t position = 0;
  /// Positions of the first instruction behind each open loop.
  SmallVector<size_t> loopEnds;
  std::optional<size_t> round; ///< that the arrays hold
};

} // namespace

LogicalResult CodeVerifier::verify() {
  for (TensorOp tensor : tensors)
    if (tensor.getCore() && *tensor.getCore() >= program.coreCount)
      return tensor.emitOpError("lies in the scratchpad of core ")
             << *tensor.getCore() << ", but the program has " << program.coreCount;
  for (position = 0; position < instructions.size(); ++position) {
    op = instructions[position];
    const codec::InstructionInfo *info = getInstructionInfo(op);
    // code_c1
    if (!info)
      return op->emitOpError("is not an instruction");
    while (!loopEnds.empty() && loopEnds.back() == position)
      loopEnds.pop_back();
    codec::Instruction instruction = toInstruction(op);
    if (failed(verifyIndices(*info, codec::operands(instruction))) ||
        failed(codec::visit(instruction, *this)))
      return failure();
  }
  // code_c5
  if (instructions.empty() || !llvm::isa<HaltOp>(instructions.back()))
    return (*core.getBodyRegion().getOps<CodeOp>().begin())
        .emitOpError("does not end in 'isa.halt'");
  return success();
}

LogicalResult CodeVerifier::verifyIndices(const codec::InstructionInfo &info,
                                          const codec::Operands &values) {
  for (auto [field, value] : llvm::zip_equal(info.fields, values)) {
    auto check = [&, &field = field, &value = value](int64_t limit,
                                                     StringRef what) -> LogicalResult {
      if (value < limit)
        return success();
      return op->emitOpError("'") << StringRef(field.name) << "' is " << what << " " << value
                                  << ", but there are " << limit;
    };
    LogicalResult result = success();
    // code_c2
    switch (field.kind) {
    case codec::FieldKind::Tensor:
      result = check(tensors.size(), "tensor");
      break;
    case codec::FieldKind::Window:
      result = check(windows.size(), "window");
      break;
    case codec::FieldKind::Group:
      result = check(groups.size(), "array group");
      break;
    case codec::FieldKind::Params:
      result = check(params.size(), "requantize table");
      break;
    case codec::FieldKind::Lookup:
      result = check(lookups.size(), "lookup table");
      break;
    case codec::FieldKind::Semaphore: // wait_c1, signal_c1
      result = check(program.semaphoreCount, "semaphore");
      break;
    case codec::FieldKind::HostCall: // host_c1
      result = check(program.hostCallCount, "host call");
      break;
    case codec::FieldKind::Register:
    case codec::FieldKind::Unsigned:
    case codec::FieldKind::Signed:
    case codec::FieldKind::Flag:
      break;
    }
    if (failed(result))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

LogicalResult CodeVerifier::operator()(const codec::Halt &) {
  // halt_c1, code_c5
  return loopEnds.empty() ? success() : LogicalResult(op->emitOpError("is inside a loop"));
}

LogicalResult CodeVerifier::operator()(const codec::Restore &) {
  // restore_c1
  return position == 0 ? success()
                       : LogicalResult(op->emitOpError("is not the first instruction of its core"));
}

LogicalResult CodeVerifier::operator()(const codec::Loop &x) {
  size_t end = position + 1 + x.length;
  // loop_c1, code_c3
  if (end > instructions.size())
    return op->emitOpError("repeats ") << x.length << " instructions, but only "
                                       << instructions.size() - position - 1 << " follow";
  // loop_c2, code_c3
  if (!loopEnds.empty() && end > loopEnds.back())
    return op->emitOpError("ends ")
           << end - loopEnds.back() << " instructions behind the loop around it";
  // loop_c3, code_c4
  if (loopEnds.size() == kLoopStackDepth)
    return op->emitOpError("is nested deeper than ") << kLoopStackDepth << " loops";
  loopEnds.push_back(end);
  return success();
}

//===----------------------------------------------------------------------===//
// DMA and arrays
//===----------------------------------------------------------------------===//

LogicalResult CodeVerifier::operator()(const codec::DmaCopy &x) {
  TensorOp dst = tensors[x.dst], src = tensors[x.src];
  // dma_copy_c1
  if (failed(requireSameSizes(op, dst, src)))
    return failure();
  // dma_copy_c2
  if (dst.getElement() != src.getElement())
    return op->emitOpError("copies elements of type ")
           << src.getElement() << " to elements of type " << dst.getElement();
  return success();
}

LogicalResult CodeVerifier::operator()(const codec::DmaFill &x) {
  TensorOp dst = tensors[x.dst];
  // dma_fill_c1
  if (dst.getElement().isInteger(1) && x.value >= 0 && x.value <= 1)
    return success();
  return success(succeeded(requireElement(op, dst, {8, 16, 32})) &&
                 succeeded(requireRange(op, dst, x.value, x.value)));
}

LogicalResult CodeVerifier::operator()(const codec::Mvm &x) {
  ArrayGroupOp group = groups[x.group];
  WindowOp window = windows[x.window];
  TensorOp dst = tensors[x.dst];
  // mvm_c1
  if (failed(requireElement(op, dst, {32})))
    return failure();
  // mvm_c2
  if (failed(requireSizes(op, dst,
                          {1, window.getOutRows(), window.getOutCols(), group.getMatrixCols()})))
    return failure();
  // mvm_c3
  __int128 taps =
      static_cast<__int128>(window.getKernelRows()) * window.getKernelCols() * window.getChannels();
  if (taps != group.getMatrixRows())
    return op->emitOpError("gathers vectors of ")
           << window.getKernelRows() << " x " << window.getKernelCols() << " x "
           << window.getChannels() << " values, but the matrix of the group has "
           << group.getMatrixRows() << " rows";
  // reprogram_c3
  std::optional<ArrayRef<int64_t>> rounds = core.getRounds();
  if (!rounds)
    return success();
  if (!round)
    return op->emitOpError("drives arrays before any 'isa.reprogram'");
  int64_t begin = (*rounds)[*round],
          end = *round + 1 < rounds->size() ? (*rounds)[*round + 1] : core.getArrays();
  for (TileOp tile : group.getBodyRegion().getOps<TileOp>())
    if (tile.getArray() < begin || tile.getArray() >= end)
      return op->emitOpError("drives image ")
             << tile.getArray() << ", round " << *round << " holds " << begin << " to " << end - 1;
  return success();
}

LogicalResult CodeVerifier::operator()(const codec::Reprogram &x) {
  // reprogram_c1
  if (!core.getRounds() || x.round >= core.getRounds()->size())
    return op->emitOpError("programs a round of a core with ")
           << (core.getRounds() ? core.getRounds()->size() : 0);
  // reprogram_c2
  if (!loopEnds.empty())
    return op->emitOpError("is inside a loop");
  round = x.round;
  return success();
}

//===----------------------------------------------------------------------===//
// Vector unit
//===----------------------------------------------------------------------===//

LogicalResult CodeVerifier::operator()(const codec::Vrequant &x) {
  TensorOp dst = tensors[x.dst], src = tensors[x.src];
  RequantizeOp table = params[x.params];
  // vrequant_c1, vrequant_c2
  if (failed(requireSameSizes(op, dst, src)) || failed(requireElement(op, dst, {8, 16, 32})) ||
      failed(requireElement(op, src, {8, 16, 32})))
    return failure();
  // vrequant_c3
  int64_t channels = dst.getSizes().back();
  for (ArrayRef<int64_t> entries : {table.getBias(), table.getMultiplier(), table.getShift()})
    if (entries.size() != 1 && static_cast<int64_t>(entries.size()) != channels)
      return op->emitOpError("takes a requantize table with ")
             << entries.size() << " entries for " << channels << " channels";
  // vrequant_c4
  if (dst.getElement().isInteger(32))
    return success();
  return requireRange(op, dst, table.getMin(), table.getMax());
}

LogicalResult CodeVerifier::verifyArithmetic(uint32_t dst, uint32_t a, uint32_t b) {
  // vadd_c1, vsub_c1, vmul_c1; vadd_c2, vsub_c2, vmul_c2
  for (uint32_t operand : {a, b})
    if (failed(requireSameSizes(op, tensors[dst], tensors[operand])) ||
        failed(requireElement(op, tensors[operand], {32})))
      return failure();
  return requireElement(op, tensors[dst], {32});
}

LogicalResult CodeVerifier::verifyComparison(uint32_t dst, uint32_t a, uint32_t b) {
  // vmin_c1, vmax_c1; vmin_c2, vmax_c2
  if (failed(requireElement(op, tensors[dst], {8, 16, 32})))
    return failure();
  unsigned width = tensors[dst].getElement().getIntOrFloatBitWidth();
  for (uint32_t operand : {a, b})
    if (failed(requireSameSizes(op, tensors[dst], tensors[operand])) ||
        failed(requireElement(op, tensors[operand], {width})))
      return failure();
  return success();
}

LogicalResult CodeVerifier::operator()(const codec::Vlookup &x) {
  TensorOp dst = tensors[x.dst], src = tensors[x.src];
  // vlookup_c1, vlookup_c2
  if (failed(requireSameSizes(op, dst, src)) || failed(requireElement(op, src, {8})) ||
      failed(requireElement(op, dst, {8, 16, 32})))
    return failure();
  // vlookup_c3
  ArrayRef<int64_t> entries = lookups[x.lookup].getEntries();
  return requireRange(op, dst, *llvm::min_element(entries), *llvm::max_element(entries));
}

LogicalResult CodeVerifier::operator()(const codec::Vmaxpool &x) {
  TensorOp dst = tensors[x.dst];
  WindowOp window = windows[x.window];
  // vmaxpool_c1
  if (failed(requireElement(op, dst, {window.getElement().getIntOrFloatBitWidth()})))
    return failure();
  // vmaxpool_c2
  return requireSizes(op, dst, {1, window.getOutRows(), window.getOutCols(), window.getChannels()});
}

LogicalResult CodeVerifier::operator()(const codec::Vavgpool &x) {
  TensorOp dst = tensors[x.dst];
  WindowOp window = windows[x.window];
  // vavgpool_c1
  if (failed(requireElement(op, dst, {8, 16})))
    return failure();
  if (window.getElement() != dst.getElement())
    return op->emitOpError("averages elements of type ")
           << window.getElement() << ", expected " << dst.getElement();
  // vavgpool_c2
  if (failed(requireSizes(op, dst,
                          {1, window.getOutRows(), window.getOutCols(), window.getChannels()})))
    return failure();
  // vavgpool_c3
  return requireRange(op, dst, params[x.params].getMin(), params[x.params].getMax());
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

SmallVector<Operation *> mlir::pim::isa::getInstructionOps(CoreOp core) {
  SmallVector<Operation *> ops;
  for (CodeOp code : core.getBodyRegion().getOps<CodeOp>())
    for (Operation &op : code.getBodyRegion().getOps())
      ops.push_back(&op);
  return ops;
}

LogicalResult mlir::pim::isa::verifyCode(CoreOp core, const ProgramTables &program) {
  return CodeVerifier(core, program).verify();
}
