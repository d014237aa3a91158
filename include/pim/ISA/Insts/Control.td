//===- Control.td - instructions of the sequencer       -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_ISA_INSTS_CONTROL
#define PIM_ISA_INSTS_CONTROL

include "pim/ISA/InstructionBase.td"

//===----------------------------------------------------------------------===//
// Scalar registers: 32 bits, two's complement, arithmetic wraps around
//===----------------------------------------------------------------------===//

def Nop : Instruction<0x01, "nop", (fields)> {
  let summary = "does nothing";
  let description = "Takes its place in the program and nothing else.";
  let unit = Sequencer;
  let timing = Scalar;
  let example = "nop";
}

def Halt : Instruction<0x02, "halt", (fields)> {
  let summary = "ends the program of this core";
  let description = [{
    The core stops when every earlier instruction has completed. An inference is over when all cores
    have stopped.

    (C1) `halt` is not inside a loop.
  }];
  let unit = Sequencer;
  let timing = Scalar;
  let example = "halt";
}

def Li : Instruction<0x03, "li", (fields Reg:$rd, S<32>:$imm)> {
  let summary = "loads an immediate";
  let description = "`r[rd] = imm`";
  let unit = Sequencer;
  let timing = Scalar;
  let effects = [Write<"rd">];
  let example = "li r4, -128";
}

def Addi : Instruction<0x04, "addi", (fields Reg:$rd, Reg:$rs, S<32>:$imm)> {
  let summary = "adds an immediate";
  let description = "`r[rd] = r[rs] + imm`";
  let unit = Sequencer;
  let timing = Scalar;
  let effects = [Read<"rs">, Write<"rd">];
  let example = "addi r4, r4, 784";
}

class ScalarBinary<int opcode, string mnemonic>
    : Instruction<opcode, mnemonic, (fields Reg:$rd, Reg:$rs1, Reg:$rs2)> {
  let unit = Sequencer;
  let timing = Scalar;
  let effects = [Read<"rs1">, Read<"rs2">, Write<"rd">];
  let example = mnemonic # " r3, r1, r2";
}

def Add : ScalarBinary<0x05, "add"> {
  let summary = "adds two registers";
  let description = "`r[rd] = r[rs1] + r[rs2]`";
}

def Sub : ScalarBinary<0x06, "sub"> {
  let summary = "subtracts two registers";
  let description = "`r[rd] = r[rs1] - r[rs2]`";
}

def Mul : ScalarBinary<0x07, "mul"> {
  let summary = "multiplies two registers";
  let description = "`r[rd] =` the low 32 bits of `r[rs1] * r[rs2]`";
}

def Min : ScalarBinary<0x08, "min"> {
  let summary = "takes the smaller of two registers";
  let description = "`r[rd] = min(r[rs1], r[rs2])`, compared as signed numbers.";
}

def Max : ScalarBinary<0x09, "max"> {
  let summary = "takes the larger of two registers";
  let description = "`r[rd] = max(r[rs1], r[rs2])`, compared as signed numbers.";
}

def Wrap : Instruction<0x0a, "wrap", (fields Reg:$rd, U<32>:$limit)> {
  let summary = "steps an address round a ring";
  let description = [{
    `if (r[rd] >= limit) r[rd] -= limit`, compared as signed numbers: a limit of 2^31 or more is
    never reached. Follows the `addi` that advances an address in a ring buffer.
  }];
  let unit = Sequencer;
  let timing = Scalar;
  let effects = [Read<"rd">, Write<"rd">];
  let example = "wrap r4, 2240";
}

//===----------------------------------------------------------------------===//
// Loops and synchronisation
//===----------------------------------------------------------------------===//

def Loop : Instruction<0x0b, "loop", (fields AtLeast<1, 24>:$count, AtLeast<1, 16>:$length)> {
  let summary = "repeats the instructions that follow";
  let description = [{
    Runs the next `length` instructions `count` times, then goes on behind them. The loop stack
    holds 8 loops. Loops that end at the same instruction end together: the outer one counts when
    the inner one is done.

    (C1) The body ends inside the code. (C2) The body of a loop inside the body ends there too. (C3)
    At most 8 loops are open at a time.
  }];
  let unit = Sequencer;
  let timing = Scalar;
  let example = "loop 24, 6";
}

def Wait : Instruction<0x0c, "wait", (fields Semaphore:$semaphore, Reg:$rs, S<24>:$imm)> {
  let summary = "waits for a semaphore";
  let description = [{
    Blocks the sequencer until the semaphore is at least `r[rs] + imm` (signed). The semaphore is
    not changed: it only grows during an inference, and starts at 0.

    (C1) The semaphore is one of the program's.
  }];
  let unit = Sequencer;
  let timing = Sync;
  let effects = [Read<"semaphore">, Read<"rs">];
  let example = "wait s3, r7, 1";
}

def Signal : Instruction<0x0d, "signal", (fields Semaphore:$semaphore, U<16>:$amount)> {
  let summary = "raises a semaphore";
  let description = [{
    Adds `amount` to the semaphore once every earlier instruction of this core has completed. The
    sequencer goes on without waiting for that.

    (C1) The semaphore is one of the program's.
  }];
  let unit = Sequencer;
  let timing = Sync;
  let effects = [Write<"semaphore">];
  let example = "signal s3, 1";
}

//===----------------------------------------------------------------------===//
// Power failures
//===----------------------------------------------------------------------===//

def Commit : Instruction<0x0e, "commit", (fields)> {
  let summary = "makes the state of the chip durable";
  let description = [{
    Keeps all cores from issuing until what they have issued is complete, then writes registers,
    loops, positions, semaphores and the live contents of memories that do not keep them without
    supply to their durable place. That state is the valid one from one cycle to the next: a supply
    that fails before leaves the state of the `commit` before. Computes nothing.
  }];
  let unit = Sequencer;
  let timing = Durable;
  let since = "0.2";
  let example = "commit";
}

def Restore : Instruction<0x0f, "restore", (fields)> {
  let summary = "goes back to the state that was last committed";
  let description = [{
    What the chip does when its supply is back, before anything else: reads the state that the last
    `commit` wrote and goes on behind that `commit`. Does nothing where nothing has been committed
    since the inference began, so a program may begin with it.

    (C1) `restore` is the first instruction of its core.
  }];
  let unit = Sequencer;
  let timing = Durable;
  let since = "0.2";
  let example = "restore";
}

#endif // PIM_ISA_INSTS_CONTROL
