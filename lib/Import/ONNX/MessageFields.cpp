//===- MessageFields.cpp - fields that onnx.proto may not know ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MessageFields.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

using google::protobuf::internal::WireFormatLite;

std::vector<std::string> mlir::pim::fieldsOf(const google::protobuf::MessageLite &message,
                                             int number) {
  // What protobuf does not know it writes as it was read.
  std::string bytes = message.SerializeAsString();
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t *>(bytes.data()),
                                                int(bytes.size()));
  std::vector<std::string> found;
  while (uint32_t tag = stream.ReadTag()) {
    bool isWanted =
        WireFormatLite::GetTagFieldNumber(tag) == number &&
        WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    std::string content;
    if (isWanted ? WireFormatLite::ReadBytes(&stream, &content)
                 : WireFormatLite::SkipField(&stream, tag)) {
      if (isWanted)
        found.push_back(std::move(content));
    } else {
      break;
    }
  }
  return found;
}
