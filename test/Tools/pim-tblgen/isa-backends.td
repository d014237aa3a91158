// What each backend makes of one small instruction.
// RUN: pim-tblgen -gen-isa-enums -I %pim_include %s | FileCheck %s --check-prefix=ENUMS
// RUN: pim-tblgen -gen-isa-structs -I %pim_include %s | FileCheck %s --check-prefix=STRUCTS
// RUN: pim-tblgen -gen-isa-list -I %pim_include %s | FileCheck %s --check-prefix=LIST
// RUN: pim-tblgen -gen-isa-info -I %pim_include %s | FileCheck %s --check-prefix=INFO
// RUN: pim-tblgen -gen-isa-codec -I %pim_include %s | FileCheck %s --check-prefix=CODEC
// RUN: pim-tblgen -gen-isa-test-vectors -I %pim_include %s | FileCheck %s --check-prefix=VECTORS
// RUN: pim-tblgen -gen-isa-doc -I %pim_include %s | FileCheck %s --check-prefix=DOC

include "pim/ISA/InstructionBase.td"

def ToyAdd : Instruction<0x12, "toy.add", (fields Reg:$rd, AtLeast<2, 7>:$step)> {
  let summary = "adds a step";
  let description = "`r[rd] += step`";
  let unit = Sequencer;
  let timing = Scalar;
  let effects = [Read<"rd">, Write<"rd">];
  let example = "toy.add r1, 2";
}

// ENUMS: ToyAdd = 0x12,
// ENUMS: kMaxFields = 2;
// ENUMS: kFingerprint = 0x{{[0-9a-f]+}};

// STRUCTS: struct ToyAdd {
// STRUCTS: uint32_t rd = 0;
// STRUCTS: uint32_t step = 2;

// LIST: X(ToyAdd, toyAdd, "toy.add")

// INFO: {"step", FieldKind::Unsigned, 13, 7, false, 2, 127},
// INFO: {Access::Write, 0, -1, -1},

// CODEC: Word word = 0x12;
// CODEC: placeField(x.step, {13, 7, 2, 127, "toy.add", "step"});
// CODEC: requireReserved(word, 20, "toy.add");
// CODEC: requireMinimum(word, x.step, 2, "toy.add", "step");

// VECTORS: PIM_VECTOR((ToyAdd{{.*}}), 0x4012, "toy.add r0, 2")
// VECTORS: PIM_VECTOR((ToyAdd{{.*}}), 0xfff12, "toy.add r31, 127")
// VECTORS: PIM_REFUSED(0x104012)
// VECTORS: PIM_REFUSED(0x8000000000004012)
// VECTORS: PIM_REFUSED(0x2012)

// DOC: ### `toy.add`: adds a step
// DOC: | 12..8 | `rd` | 0..31 |
// DOC: | 63..20 | reserved | 0 | |
// DOC: Effects: reads `rd`, writes `rd`.
