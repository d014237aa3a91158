// The passes of each stage, in order: an accidental change shows up here.

// RUN: pim-opt --pim-stage-tosa --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=TOSA
// RUN: pim-opt --pim-stage-quant --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=QUANT
// RUN: pim-opt --pim-stage-pim --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=PIM
// RUN: not pim-opt --pim-stage-mapped --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=MAPPED
// RUN: not pim-opt --pim-stage-isa --dump-pass-pipeline %s 2>&1 | FileCheck %s --check-prefix=ISA

module {}

// TOSA:      builtin.module(
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-onnx-expand-quantized
// TOSA-NEXT:   ),
// TOSA-NEXT:   convert-onnx-to-tosa,
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-fold-constants
// TOSA-NEXT:   ),
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-remove-identities
// TOSA-NEXT:   ),
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-sink-transposes
// TOSA-NEXT:   ),
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-fold-pad
// TOSA-NEXT:   ),
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-fuse-activations
// TOSA-NEXT:   ),
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-sink-affine
// TOSA-NEXT:   ),
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-fold-linear
// TOSA-NEXT:   ),
// TOSA-NEXT:   func.func(
// TOSA-NEXT:     pim-fold-batch
// TOSA-NEXT:   ),
// TOSA-NEXT:   cse
// TOSA-NEXT: )

// QUANT:      builtin.module(
// QUANT-NEXT:   pim-quantize
// QUANT-NEXT:   func.func(
// QUANT-NEXT:     pim-matmul-to-conv
// QUANT-NEXT:   ),
// QUANT-NEXT:   canonicalize
// QUANT-NEXT:   cse
// QUANT-NEXT: )

// PIM:      builtin.module(
// PIM-NEXT:   func.func(
// PIM-NEXT:     pim-remove-channels
// PIM-NEXT:   ),
// PIM-NEXT:   pim-form-analog,
// PIM-NEXT:   pim-attach-reference,
// PIM-NEXT:   convert-tosa-to-pim,
// PIM-NEXT:   pim-form-layers,
// PIM-NEXT:   pim-assign-host{vector-layers=auto}
// PIM-NEXT: )

// MAPPED:      builtin.module(
// MAPPED-NEXT:   pim-legalize-pruning
// MAPPED-NEXT:   pim-bit-slice
// MAPPED-NEXT:   pim-tile,
// MAPPED-NEXT:   pim-squeeze-out
// MAPPED-NEXT:   pim-place{array-budget= objective=throughput share-arrays=true},
// MAPPED-NEXT:   pim-schedule{blocks=8 images=8 objective=throughput}
// MAPPED-NEXT: )

// ISA:      builtin.module(
// ISA-NEXT:   convert-pim-to-isa
// ISA-NEXT: )
