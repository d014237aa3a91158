//===- PIMDialect.td - the pim dialect ---------------------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_PIMDIALECT_TD
#define PIM_DIALECT_PIM_IR_PIMDIALECT_TD

include "mlir/IR/DialectBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def PIM_Dialect : Dialect {
  let name = "pim";
  let cppNamespace = "::mlir::pim";
  let summary = "Weight-stationary integer layers and their mapping to arrays";
  let description = [{
    Integer layers of a network whose weights stay in processing-in-memory arrays. A `pim.layer` is
    one scheduling unit: it reads tensors from global memory, computes on one or more cores, and
    leaves one tensor in global memory. The mapping is refined step by step and stored as
    attributes:

    | attribute        | on           | made by        | says                                                  |
    |------------------|--------------|----------------|-------------------------------------------------------|
    | `#pim.slicing`   | `pim.conv2d` | `pim-bit-slice`| which cells hold which bits of a weight                |
    | `#pim.tiling`    | `pim.conv2d` | `pim-tile`     | how the layer's matrix is cut into arrays              |
    | `#pim.placement` | `pim.layer`  | `pim-place`    | which core holds which arrays and output columns       |
    | `#pim.schedule`  | `pim.layer`  | `pim-schedule` | block sizes, scratchpad buffers, address of the result |

    Every step keeps the integer result. Discardable attributes of the dialect: `pim.name`,
    `pim.quant`, `pim.address`, `pim.permutation`, `pim.shape` on function arguments and results;
    `pim.reference` (the tensor of the reference graph) on layers; `pim.target`, `pim.weight_bits`,
    `pim.activation_bits`, `pim.float_rescale`, `pim.reference` (the graph) on the module.
  }];
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    /// Adds the attributes; the definitions live with their generated code.
    void registerAttributes();
  }];
}

#endif // PIM_DIALECT_PIM_IR_PIMDIALECT_TD
