//===- MessageFields.h - fields that onnx.proto may not know ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_IMPORT_ONNX_MESSAGEFIELDS_H
#define PIM_LIB_IMPORT_ONNX_MESSAGEFIELDS_H

#include <google/protobuf/message_lite.h>
#include <string>
#include <vector>

namespace mlir::pim {

/// The contents of each field `number` of `message`, texts or messages, even if the installed
/// onnx.proto is older than the field.
std::vector<std::string> fieldsOf(const google::protobuf::MessageLite &message, int number);

} // namespace mlir::pim

#endif // PIM_LIB_IMPORT_ONNX_MESSAGEFIELDS_H
