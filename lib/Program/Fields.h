//===- Fields.h - the fields of each table, once ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The printer and the parser of assembly both walk these lists, so that they cannot differ. A list
// has the fields that are written `name=value`; entries of other tables have directives of their
// own, and what follows from the rest of the listing (offsets, segments) is left out.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_PROGRAM_FIELDS_H
#define PIM_LIB_PROGRAM_FIELDS_H

#include "pim/Program/Program_generated.h"

namespace pim::program {

/// A struct of the schema that has no default constructor worth walking.
struct SliceFields {
  uint8_t shift = 0;
  bool negative = false;
};
struct SpanFields {
  uint32_t core = 0, begin = 0, end = 0;
};

template <typename Visitor> void visitFields(fb::ProgramT &t, Visitor &&v) {
  v("generator", t.generator);
  v("isa_fingerprint", t.isa_fingerprint);
  v("semaphores", t.semaphores);
  v("global_memory_bytes", t.global_memory_bytes);
  v("images_in_flight", t.images_in_flight);
}

template <typename Visitor> void visitFields(fb::ModelInfoT &t, Visitor &&v) {
  v("name", t.name);
  v("macs", t.macs);
  v("parameters", t.parameters);
  v("opset", t.opset);
  v("weight_bits", t.weight_bits);
  v("activation_bits", t.activation_bits);
}

template <typename Visitor> void visitFields(fb::TargetParameterT &t, Visitor &&v) {
  v("key", t.key);
  v("value", t.value);
}

template <typename Visitor> void visitFields(fb::PreprocessT &t, Visitor &&v) {
  v("scale", t.scale);
  v("mean", t.mean);
  v("std", t.std);
  v("layout", t.layout);
}

template <typename Visitor> void visitFields(fb::ArrayCountsT &t, Visitor &&v) {
  v("dense", t.dense);
  v("after_pruning", t.after_pruning);
  v("after_slicing", t.after_slicing);
  v("after_squeeze", t.after_squeeze);
  v("used", t.used);
  v("utilization", t.utilization);
}

template <typename Visitor> void visitFields(fb::PortT &t, Visitor &&v) {
  v("name", t.name);
  v("shape", t.shape);
  v("permutation", t.permutation);
  v("element", t.element);
  v("scale", t.scale);
  v("zero_point", t.zero_point);
  v("min", t.min);
  v("max", t.max);
  v("tensor", t.tensor);
}

template <typename Visitor> void visitFields(fb::TensorDescriptorT &t, Visitor &&v) {
  v("space", t.space);
  v("element", t.element);
  v("core", t.core);
  v("base", t.base);
  v("sizes", t.sizes);
  v("strides", t.strides);
}

template <typename Visitor> void visitFields(fb::WindowDescriptorT &t, Visitor &&v) {
  v("element", t.element);
  v("base", t.base);
  v("out_rows", t.out_rows);
  v("out_cols", t.out_cols);
  v("kernel_rows", t.kernel_rows);
  v("kernel_cols", t.kernel_cols);
  v("channels", t.channels);
  v("row_step", t.row_step);
  v("row_dilation", t.row_dilation);
  v("first_col", t.first_col);
  v("col_step", t.col_step);
  v("col_dilation", t.col_dilation);
  v("rows", t.rows);
  v("cols", t.cols);
  v("ring_rows", t.ring_rows);
  v("row_pitch", t.row_pitch);
  v("col_pitch", t.col_pitch);
  v("pad_value", t.pad_value);
}

template <typename Visitor> void visitFields(fb::ArrayGroupT &t, Visitor &&v) {
  v("matrix_rows", t.matrix_rows);
  v("matrix_cols", t.matrix_cols);
  v("input_bits", t.input_bits);
  v("cell_bits", t.cell_bits);
  v("weight_scale", t.weight_scale);
  v("weight_offset", t.weight_offset);
  v("input_offset", t.input_offset);
  v("neurons", t.neurons);
  v("feedback_ohm", t.feedback_ohm);
}

template <typename Visitor> void visitFields(SliceFields &t, Visitor &&v) {
  v("shift", t.shift);
  v("negative", t.negative);
}

template <typename Visitor> void visitFields(fb::TileT &t, Visitor &&v) {
  v("array", t.array);
  v("row_offset", t.row_offset);
  v("row_count", t.row_count);
  v("col_offset", t.col_offset);
  v("output_count", t.output_count);
  v("row_begin", t.row_begin);
  v("rows", t.rows);
  v("output_begin", t.output_begin);
  v("outputs", t.outputs);
  v("slice_begin", t.slice_begin);
  v("slice_count", t.slice_count);
  v("delays", t.delays);
  v("shift", t.shift);
  v("phase", t.phase);
  v("fragment_rows", t.fragment_rows);
  v("signs", t.signs);
}

template <typename Visitor> void visitFields(fb::RequantizeT &t, Visitor &&v) {
  v("bias", t.bias);
  v("multiplier", t.multiplier);
  v("shift", t.shift);
  v("double_round", t.double_round);
  v("input_zero_point", t.input_zero_point);
  v("output_zero_point", t.output_zero_point);
  v("min", t.min);
  v("max", t.max);
  v("float_round", t.float_round);
}

template <typename Visitor> void visitFields(fb::LookupT &t, Visitor &&v) {
  v("entries", t.entries);
}

/// The graph follows as data.
template <typename Visitor> void visitFields(fb::HostCallT &t, Visitor &&v) {
  v("name", t.name);
  v("inputs", t.inputs);
  v("outputs", t.outputs);
}

template <typename Visitor> void visitFields(fb::LayerT &t, Visitor &&v) {
  v("name", t.name);
  v("op", t.op);
  v("macs", t.macs);
  v("arrays", t.arrays);
  v("weights", t.weights);
  v("output", t.output);
  v("reference", t.reference);
  v("mapping", t.mapping);
}

template <typename Visitor> void visitFields(SpanFields &t, Visitor &&v) {
  v("core", t.core);
  v("begin", t.begin);
  v("end", t.end);
}

template <typename Visitor> void visitFields(fb::CoreT &t, Visitor &&v) {
  v("x", t.x);
  v("y", t.y);
  v("arrays", t.arrays);
  v("scratchpad_bytes", t.scratchpad_bytes);
  v("rounds", t.rounds);
}

/// The bytes follow as data.
template <typename Visitor> void visitFields(fb::MemoryImageT &t, Visitor &&v) {
  v("address", t.address);
}

} // namespace pim::program

#endif // PIM_LIB_PROGRAM_FIELDS_H
