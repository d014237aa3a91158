//===- InstructionBase.td - what an instruction is ---------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vocabulary of the instruction table. An instruction is one 64-bit word, stored little-endian:
// the opcode in bits 0..7, then the fields from bit 8 up in the order in which they are listed; the
// bits above the last field are reserved and zero. pim-tblgen and stock mlir-tblgen read the same
// records; docs/isa-rationale.md says why the encoding is what it is.
//
//===----------------------------------------------------------------------===//

#ifndef PIM_ISA_INSTRUCTION_BASE
#define PIM_ISA_INSTRUCTION_BASE

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

/// What a field of an instruction means and how many bits it takes. `kind` is the enumerator of
/// pim::isa::FieldKind, `prefix` what stands before the number in assembly.
class FieldType<string fieldKind, string asmPrefix, int fieldWidth, bit signedField, string doc> {
  string kind = fieldKind;
  string prefix = asmPrefix;
  int width = fieldWidth;
  bit isSigned = signedField;
  string description = doc;
  int min = !if(isSigned, !sub(0, !shl(1, !sub(width, 1))), 0);
  int max = !sub(!shl(1, !if(isSigned, !sub(width, 1), width)), 1);

  assert !and(!ge(width, 1), !le(width, 32)), "a field is 1 to 32 bits wide, not " # width;
}

def Reg        : FieldType<"Register", "r", 5, false,
                           "one of the 32 scalar registers; r0 reads as 0 and ignores writes">;
def TensorRef  : FieldType<"Tensor", "t", 12, false, "index into the core's tensor descriptors">;
def WindowRef  : FieldType<"Window", "w", 12, false, "index into the core's window descriptors">;
def GroupRef   : FieldType<"Group", "g", 12, false, "index into the core's array groups">;
def ParamsRef  : FieldType<"Params", "p", 12, false, "index into the core's requantize tables">;
def LookupRef  : FieldType<"Lookup", "l", 12, false, "index into the core's lookup tables">;
def Semaphore  : FieldType<"Semaphore", "s", 16, false, "a semaphore of the chip">;
def HostCallRef: FieldType<"HostCall", "h", 16, false, "index into the program's host calls">;
def Flag       : FieldType<"Flag", "", 1, false,
                           "set or not; assembly writes the name of a set flag">;
class U<int size> : FieldType<"Unsigned", "", size, false, "unsigned integer of " # size # " bits">;
class S<int size> : FieldType<"Signed", "", size, true,
                              "two's complement integer of " # size # " bits">;
/// An unsigned field whose smallest legal value is not 0.
class AtLeast<int least, int size>
    : FieldType<"Unsigned", "", size, false,
                "unsigned integer of " # size # " bits, at least " # least> {
  let min = least;
}

/// The operator of the dag that lists the fields of an instruction.
def fields;

//===----------------------------------------------------------------------===//
// Units and timing classes
//===----------------------------------------------------------------------===//

/// The part of a core (or of the chip) that executes an instruction. Each executes its instructions
/// in order.
class Unit<string doc> {
  string description = doc;
}
def Sequencer : Unit<"scalar registers, loops, semaphores">;
def Dma       : Unit<"copies between and inside the memories">;
def Array     : Unit<"the arrays of one group, with their input registers and accumulators">;
def Dpu       : Unit<"the vector unit">;
def HostCpu   : Unit<"the CPU beside the chip">;

/// What the time and energy of an instruction depend on. The numbers are in the target.
class TimingClass<string doc> {
  string description = doc;
}
def Scalar      : TimingClass<"one cycle of the sequencer">;
def Sync        : TimingClass<"one cycle, then until the semaphore allows it">;
def Durable     : TimingClass<"until the chip is at rest, then the bits of its state">;
def Transfer    : TimingClass<"bytes and rows of the box, both memories and the way between">;
def MatrixVector: TimingClass<"output positions x input steps x conversions per array">;
def Programming : TimingClass<"bytes of the images from the weight store, rows of an array written">;
def PerElement  : TimingClass<"one operation per element, by lanes">;
def Rescale     : TimingClass<"one rescale per element, by lanes">;
def TableLookup : TimingClass<"one table read per element, by lanes">;
def Pool        : TimingClass<"one operation per tap of every output element, by lanes">;
def HostRun     : TimingClass<"call latency, operations and bytes of the graph">;

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

/// What an instruction does to the state that its field `name` names: a register, the box of a
/// tensor descriptor, the taps of a window, a semaphore, the arrays of a group, the tensors of a
/// host call. `offset` names the register field that is added to the address (it is read).
/// `condition` names the flag that must be set for the effect to take place.
class Effect<string effectAccess, string effectField, string offsetField, string flagField> {
  string access = effectAccess;
  string name = effectField;
  string offset = offsetField;
  string condition = flagField;
}
class Read<string name, string offset = ""> : Effect<"Read", name, offset, "">;
class Write<string name, string offset = ""> : Effect<"Write", name, offset, "">;
class ReadIf<string flag, string name, string offset = ""> : Effect<"Read", name, offset, flag>;

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//

/// One instruction. The record's name is that of the C++ structure, the mnemonic in CamelCase
/// (`dma.copy`: DmaCopy).
class Instruction<int number, string asmMnemonic, dag fieldList> {
  int opcode = number;
  string mnemonic = asmMnemonic;
  dag operands = fieldList;

  // One line, no full stop.
  string summary = ?;
  // Semantics, then the constraints, numbered (C1), (C2), ...
  string description = ?;
  Unit unit = ?;
  TimingClass timing = ?;
  list<Effect> effects = [];
  // Version of pim-mlir that introduced the instruction.
  string since = "0.1";
  // A line of assembly that the assembler accepts and the disassembler prints back.
  string example = ?;

  list<FieldType> types = !foreach(i, !range(!size(operands)), !getdagarg<FieldType>(operands, i));
  int usedBits = !foldl(8, types, sum, type, !add(sum, type.width));

  assert !and(!ge(opcode, 1), !le(opcode, 255)),
         "opcode " # opcode # " of '" # mnemonic # "' is not in 1..255 (0 is never an instruction)";
  assert !le(usedBits, 64), "'" # mnemonic # "' needs " # usedBits # " bits, an instruction has 64";
  assert !eq(!find(summary, "."), -1), "the summary of '" # mnemonic # "' has a full stop";
}

#endif // PIM_ISA_INSTRUCTION_BASE
