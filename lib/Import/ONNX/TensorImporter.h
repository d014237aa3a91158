//===- TensorImporter.h - contents of ONNX tensors -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_IMPORT_ONNX_TENSORIMPORTER_H
#define PIM_LIB_IMPORT_ONNX_TENSORIMPORTER_H

#include "pim/Elements/Elements.h"
#include "llvm/Support/MemoryBuffer.h"
#include <onnx/onnx_pb.h>

namespace mlir::pim {

/// `name` in quotes, with anything that is no plain text escaped.
std::string quoted(llvm::StringRef name);

/// Which infinities a constant may hold: none where it is computed with, the negative one in a mask
/// that is added, both where it is only chosen or compared with, any number and NaN in a table.
enum class Infinities { None, Negative, Both, Any };

/// Turns TensorProtos into constants.
class TensorImporter {
public:
  /// `keepsNonFinite`: NaN and infinity are numbers like others.
  TensorImporter(MLIRContext *context, llvm::StringRef modelPath, bool keepsNonFinite)
      : context(context), modelPath(modelPath), keepsNonFinite(keepsNonFinite) {}

  /// The contents of `tensor`, whose raw bytes are taken out of the message. `what` begins errors,
  /// as in "initializer 'w'". NaN is refused, and so are infinities, unless they are `allowed`; the
  /// two are let through if the importer keeps them. Texts are refused.
  FailureOr<Elements> import(::onnx::TensorProto &tensor, Location location, const Twine &what,
                             Infinities allowed);

  /// The same as an attribute, called `name` where it is a resource; texts too.
  FailureOr<ElementsAttr> importAttribute(::onnx::TensorProto &tensor, Location location,
                                          const Twine &what, Infinities allowed, StringRef name);

  /// A sparse tensor written out.
  FailureOr<Elements> importSparse(::onnx::SparseTensorProto &tensor, Location location,
                                   const Twine &what);

private:
  FailureOr<RankedTensorType> importType(const ::onnx::TensorProto &tensor, Location location,
                                         const Twine &what);

  MLIRContext *context;
  std::string modelPath;
  bool keepsNonFinite;
};

/// The bytes that `tensor` keeps in a file beside the model at `modelPath`. Refuses files outside
/// the model's folder, whether by `..`, by an absolute path or by a link, and ranges outside the
/// file.
FailureOr<std::shared_ptr<llvm::MemoryBuffer>> readExternalData(const ::onnx::TensorProto &tensor,
                                                                llvm::StringRef modelPath,
                                                                Location location,
                                                                const Twine &what);

} // namespace mlir::pim

#endif // PIM_LIB_IMPORT_ONNX_TENSORIMPORTER_H
