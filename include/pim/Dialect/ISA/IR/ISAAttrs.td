//===- ISAAttrs.td - attributes of the isa dialect         -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISAATTRS_TD
#define PIM_DIALECT_ISA_IR_ISAATTRS_TD

include "pim/Dialect/ISA/IR/ISADialect.td"

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

/// An i64 read as a signed number.
def ISA_I64 : TypedSignlessIntegerAttrBase<I64, "int64_t", "64-bit signless integer attribute"> {
  let convertFromStorage = "$_self.getInt()";
}
class ISA_Int<int least, int greatest> : ConfinedAttr<ISA_I64, [IntMinValue<least>,
                                                                IntMaxValue<greatest>]>;

// The integers of the schema. Addresses and counts of 64 bits keep the sign bit free.
def ISA_Byte   : ISA_Int<0, 0xff>;
def ISA_UShort : ISA_Int<0, 0xffff>;
def ISA_UInt   : ISA_Int<0, 0xffffffff>;
def ISA_ULong  : ConfinedAttr<ISA_I64, [IntNonNegative]>;
def ISA_SInt   : ISA_Int<-2147483648, 2147483647>;
def ISA_Size   : ISA_Int<1, 0xffffffff>;

/// The element type of a box in memory.
def ISA_ElementType : TypeAttrOf<AnyTypeOf<[I1, I8, I16, I32, I64, F32]>>;

/// Bytes in bulk: a resource, so that printed IR stays readable and nothing is copied.
def ISA_Bytes : Attr<And<[
    CPred<"::llvm::isa<::mlir::DenseResourceElementsAttr>($_self)">,
    CPred<"::llvm::cast<::mlir::DenseResourceElementsAttr>($_self).getType().getRank() == 1">,
    CPred<"::llvm::cast<::mlir::DenseResourceElementsAttr>($_self).getType().getElementType()"
          ".isSignlessInteger(8)">]>,
    "resource of type tensor<Nxi8>"> {
  let storageType = "::mlir::DenseResourceElementsAttr";
  let returnType = "::mlir::DenseResourceElementsAttr";
  let convertFromStorage = "$_self";
}

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

def ISA_Space : I32EnumAttr<"Space", "the memory that a box lies in",
                            [I32EnumAttrCase<"Global", 0, "global">,
                             I32EnumAttrCase<"Scratchpad", 1, "scratchpad">]> {
  let cppNamespace = "::mlir::pim::isa";
}

def ISA_PortKind : I32EnumAttr<"PortKind", "which way a port leads",
                               [I32EnumAttrCase<"Input", 0, "input">,
                                I32EnumAttrCase<"Output", 1, "output">]> {
  let cppNamespace = "::mlir::pim::isa";
}

//===----------------------------------------------------------------------===//
// Structures
//===----------------------------------------------------------------------===//

class ISA_Attr<string name, string attrMnemonic> : AttrDef<ISA_Dialect, name> {
  let mnemonic = attrMnemonic;
  let assemblyFormat = "`<` struct(params) `>`";
}

/// A number that need not be printed where it is 0.
def ISA_Count : DefaultValuedParameter<"uint64_t", "0">;

def ISA_ModelInfo : ISA_Attr<"ModelInfo", "model_info"> {
  let summary = "what the program was compiled from";
  let description = [{
    `name` of the model, `macs` (products of one inference) and `parameters` (weights), the operator
    sets that it imports as text in `opset`, and the most bits of its weights and activations; 0 or
    empty where the model does not say.
  }];
  let parameters = (ins StringRefParameter<>:$name, ISA_Count:$macs, ISA_Count:$parameters,
                        StringRefParameter<"", [{""}]>:$opset, ISA_Count:$weight_bits,
    ISA_Count:$activation_bits);
}

def ISA_Preprocess : ISA_Attr<"Preprocess", "preprocess"> {
  let summary = "how the bytes of an image become input values: (byte * scale - mean) / std";
  let description = [{
    `mean` and `std` have one number, or one for each channel; `layout` is `nhwc` or `nchw`, or empty
    where that is for the data to say.
  }];
  let parameters = (ins "::mlir::FloatAttr":$scale, "::mlir::DenseF64ArrayAttr":$mean,
                        "::mlir::DenseF64ArrayAttr":$std, StringRefParameter<>:$layout);
  let builders = [
    AttrBuilder<(ins "double":$scale, "::llvm::ArrayRef<double>":$mean,
                     "::llvm::ArrayRef<double>":$std,
                     "::llvm::StringRef":$layout), [{
      return $_get($_ctxt, ::mlir::FloatAttr::get(::mlir::Float64Type::get($_ctxt), scale),
                   ::mlir::DenseF64ArrayAttr::get($_ctxt, mean),
    ::mlir::DenseF64ArrayAttr::get($_ctxt, std), layout);
    }]>
  ];
}

def ISA_ArrayCounts : ISA_Attr<"ArrayCounts", "array_counts"> {
  let summary = "arrays needed after each step of the mapping";
  let description = [{
    For the dense weights, without those that pruning made zero, without slices that hold no ones,
    and with squeezed planes; then the arrays `used`, and `utilization`, the share of their cells that
    stand for weights.
  }];
  let parameters = (ins "uint64_t":$dense, "uint64_t":$after_pruning, "uint64_t":$after_slicing,
                        "uint64_t":$after_squeeze, "uint64_t":$used,
    "::mlir::FloatAttr":$utilization);
  let builders = [
    AttrBuilder<(ins "uint64_t":$dense, "uint64_t":$afterPruning, "uint64_t":$afterSlicing,
                     "uint64_t":$afterSqueeze,
                     "uint64_t":$used, "double":$utilization), [{
      return $_get($_ctxt, dense, afterPruning, afterSlicing, afterSqueeze, used,
                   ::mlir::FloatAttr::get(::mlir::Float64Type::get($_ctxt), utilization));
    }]>
  ];
}

def ISA_Slice : ISA_Attr<"Slice", "slice"> {
  let summary = "what one slice of a weight is worth: 2^shift, counted negative if so marked";
  let description = "An entry of the slices of an `isa.array_group`, in the order of its columns or arrays.";
  let parameters = (ins "unsigned":$shift, DefaultValuedParameter<"bool", "false">:$negative);
}

def ISA_Span : ISA_Attr<"Span", "span"> {
  let summary = "the instructions [begin, end) of a core";
  let description = [{
    `core` is the position of the core in the program, `begin` and `end` count its instructions from 0.
    Reports and `--check` attribute what happens there to the layer that lists the span.
  }];
  let parameters = (ins "uint64_t":$core, "uint64_t":$begin, "uint64_t":$end);
}

def ISA_Slices : TypedArrayAttrBase<ISA_Slice, "list of #isa.slice">;
def ISA_Spans : TypedArrayAttrBase<ISA_Span, "list of #isa.span">;

#endif // PIM_DIALECT_ISA_IR_ISAATTRS_TD
