//===- ONNXDialect.td - the onnx dialect and its type ------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ONNX_IR_ONNXDIALECT_TD
#define PIM_DIALECT_ONNX_IR_ONNXDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"

def ONNX_Dialect : Dialect {
  let name = "onnx";
  let summary = "ONNX graphs as they are in the file";
  let description = [{
    A thin dialect: one generic op per ONNX node, with the operator's name, opset and attributes kept under their ONNX
    names. It says nothing about what an operator means; that is the business of `convert-onnx-to-tosa`. So the importer can be
    tested without any lowering, every conversion can be tested from text, and an operator nobody supports is an op like
    any other until something has to be done with it.

    Element types are ONNX's: signed integers are signless here (`i8`, `i64`), unsigned ones keep their sign (`ui8`),
    and texts are `!onnx.string`. Sequences, maps and optional values are `!onnx.unknown`.
  }];
  let cppNamespace = "::mlir::pim::onnx";
  let useDefaultTypePrinterParser = 1;
}

class ONNX_Op<string mnemonic, list<Trait> traits = []> : Op<ONNX_Dialect, mnemonic, traits>;

def ONNX_UnknownType : TypeDef<ONNX_Dialect, "Unknown"> {
  let mnemonic = "unknown";
  let summary = "a tensor of which neither the element type nor the shape is known";
  let description = [{
    The result of an operator that shape inference does not know. An operator that uses such a value has unknown results
    itself, so one unsupported operator does not become many errors.
  }];
}

def ONNX_StringType : TypeDef<ONNX_Dialect, "String"> {
  let mnemonic = "string";
  let summary = "an element of a tensor of texts";
  let description = "ONNX's STRING. Only the host computes with such tensors.";
}

#endif // PIM_DIALECT_ONNX_IR_ONNXDIALECT_TD
