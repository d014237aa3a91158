//===- Passes.td - from mapped layers to instructions ------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CONVERSION_PIMTOISA_PASSES_TD
#define PIM_CONVERSION_PIMTOISA_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertPIMToISAPass : Pass<"convert-pim-to-isa", "ModuleOp"> {
  let summary = "Turn mapped layers into a program";
  let description = [{
    Replaces the mapped function by an `isa.program`: descriptors, array groups with their cell
    images, tables of the vector unit, host calls, ports, and the code of every core. A layer
    becomes a prologue that loads the first rows, hardware loops over blocks of output rows that
    load the next rows, compute and store, and a tail; its size does not depend on the size of the
    image. Layers run in program order; a core waits for the layers before on other cores.

    Takes every decision from the mapping attributes, so it refuses layers without them.
  }];
  let dependentDialects = ["::mlir::pim::isa::ISADialect"];
}

#endif // PIM_CONVERSION_PIMTOISA_PASSES_TD
