// What pim-tblgen refuses when it reads the instruction table: all errors at once, each at its record.
// RUN: not pim-tblgen -gen-isa-enums -I %pim_include %s 2>&1 | FileCheck %s --implicit-check-not=error:

include "pim/ISA/InstructionBase.td"

class Good<int opcode, string mnemonic, dag operandList = (fields)>
    : Instruction<opcode, mnemonic, operandList> {
  let summary = "is fine";
  let description = "Nothing.";
  let unit = Sequencer;
  let timing = Scalar;
  let example = mnemonic;
}

// Records are read by name: A, B, ...
// CHECK-DAG: [[#@LINE+1]]:5: error: 'a' has no description
def A : Good<1, "a"> { let description = ?; }
// CHECK-DAG: [[#@LINE+1]]:5: error: 'b' has no unit
def B : Good<2, "b"> { let unit = ?; }
// CHECK-DAG: [[#@LINE+1]]:5: error: mnemonic 'C' is not made of small letters, digits and dots
def C : Good<3, "C">;
// CHECK-DAG: [[#@LINE+1]]:5: error: record 'Dee' of 'd.x' is not named 'DX'
def Dee : Good<4, "d.x">;
// CHECK-DAG: [[#@LINE+4]]:5: error: mnemonic 'e' is taken
// CHECK-DAG: [[#@LINE+2]]:5: note: by this instruction
// CHECK-DAG: [[#@LINE+2]]:5: error: record 'E2' of 'e' is not named 'E'
def E : Good<5, "e">;
def E2 : Good<6, "e">;
// CHECK-DAG: [[#@LINE+3]]:5: error: opcode 0x7 of 'g' is taken
// CHECK-DAG: [[#@LINE+1]]:5: note: by this instruction
def F : Good<7, "f">;
def G : Good<7, "g">;
// CHECK-DAG: [[#@LINE+1]]:5: error: field 'A' of 'h' is not named by small letters and digits
def H : Good<8, "h", (fields U<1>:$A)>;
// CHECK-DAG: [[#@LINE+1]]:5: error: field '' of 'i' is not named by small letters and digits
def I : Good<9, "i", (fields U<1>)>;
// CHECK-DAG: [[#@LINE+1]]:5: error: 'j' has two fields named 'a'
def J : Good<10, "j", (fields U<1>:$a, U<1>:$a)>;
// CHECK-DAG: [[#@LINE+1]]:5: error: an effect of 'k' names the field 'rs', which it does not have
def K : Good<11, "k"> { let effects = [Read<"rs">]; }
// CHECK-DAG: [[#@LINE+1]]:5: error: the offset 'imm' of an effect of 'l' is not a register
def L : Good<12, "l", (fields TensorRef:$dst, U<4>:$imm)> { let effects = [Write<"dst", "imm">]; }
// CHECK-DAG: [[#@LINE+1]]:5: error: the condition 'imm' of an effect of 'm' is not a flag
def M : Good<13, "m", (fields TensorRef:$dst, U<4>:$imm)> { let effects = [ReadIf<"imm", "dst">]; }
// CHECK-DAG: [[#@LINE+1]]:5: error: no effect of 'n' says what becomes of its field 'dst'
def N : Good<14, "n", (fields TensorRef:$dst)>;
