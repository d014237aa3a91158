// What TableGen itself refuses of an instruction, by the asserts of its class.
// RUN: split-file %s %t
// RUN: not pim-tblgen -gen-isa-enums -I %pim_include %t/width.td 2>&1 | FileCheck %t/width.td
// RUN: not pim-tblgen -gen-isa-enums -I %pim_include %t/field.td 2>&1 | FileCheck %t/field.td
// RUN: not pim-tblgen -gen-isa-enums -I %pim_include %t/opcode.td 2>&1 | FileCheck %t/opcode.td
// RUN: not pim-tblgen -gen-isa-enums -I %pim_include %t/stop.td 2>&1 | FileCheck %t/stop.td

//--- width.td
include "pim/ISA/InstructionBase.td"
// CHECK: error: assertion failed
// CHECK: 'wide' needs 77 bits, an instruction has 64
def Wide : Instruction<1, "wide", (fields U<32>:$a, U<32>:$b, Reg:$rd)> { let summary = "is wide"; }

//--- field.td
include "pim/ISA/InstructionBase.td"
// CHECK: a field is 1 to 32 bits wide, not 33
def Broad : U<33>;

//--- opcode.td
include "pim/ISA/InstructionBase.td"
// CHECK: opcode 0 of 'zero' is not in 1..255 (0 is never an instruction)
def Zero : Instruction<0, "zero", (fields)> { let summary = "is zero"; }

//--- stop.td
include "pim/ISA/InstructionBase.td"
// CHECK: the summary of 'stop' has a full stop
def Stop : Instruction<1, "stop", (fields)> { let summary = "Stops."; }
