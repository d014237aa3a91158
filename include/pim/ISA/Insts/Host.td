//===- Host.td - instructions of the host               -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_ISA_INSTS_HOST
#define PIM_ISA_INSTS_HOST

include "pim/ISA/InstructionBase.td"

def Host : Instruction<0x80, "host", (fields HostCallRef:$call)> {
  let summary = "has the host run a graph on tensors in global memory";
  let description = [{
    Waits until every earlier instruction of this core has completed, runs the call's graph on the
    host from the call's input tensors to its output tensors, and blocks the sequencer until that is
    done.

    (C1) The call is one of the program's.
  }];
  let unit = HostCpu;
  let timing = HostRun;
  let effects = [Read<"call">, Write<"call">];
  let example = "host h0";
}

#endif // PIM_ISA_INSTS_HOST
