//===- Diagnostics.cpp - how tools print what went wrong ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "pim/Support/OneLine.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::pim;

std::string mlir::pim::describeLocation(Location location) {
  // A name is the layer; what it wraps is the file. A fused location says the same thing several
  // times: its first part that says anything will do.
  if (auto file = dyn_cast<FileLineColLoc>(location)) {
    std::string text = file.getFilename().str();
    if (file.getLine() != 0) {
      text.append(":").append(std::to_string(file.getLine()));
      text.append(":").append(std::to_string(file.getColumn()));
    }
    return text;
  }
  if (auto name = dyn_cast<NameLoc>(location)) {
    std::string child = describeLocation(name.getChildLoc());
    std::string layer = "layer '" + name.getName().str() + "'";
    return child.empty() ? layer : child + ": " + layer;
  }
  if (auto fused = dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      if (std::string text = describeLocation(part); !text.empty())
        return text;
    return "";
  }
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return describeLocation(call.getCallee());
  return "";
}

ToolDiagnosticHandler::ToolDiagnosticHandler(MLIRContext *context, StringRef tool,
                                             llvm::raw_ostream &stream)
    : ScopedDiagnosticHandler(context), tool(tool), stream(stream) {
  setHandler([this](Diagnostic &diagnostic) {
    print(diagnostic);
    return success();
  });
}

void ToolDiagnosticHandler::print(Diagnostic &diagnostic) {
  StringRef kind;
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    kind = "error";
    ++errors;
    break;
  case DiagnosticSeverity::Warning:
    kind = "warning";
    break;
  case DiagnosticSeverity::Note:
    kind = "note";
    break;
  case DiagnosticSeverity::Remark:
    return;
  }
  auto line = [&](StringRef kind, Location location, const std::string &message) {
    std::string place = describeLocation(location);
    stream << tool << ": " << kind << ": "
           << ::pim::oneLine(place + (place.empty() ? "" : ": ") + message) << "\n";
  };
  line(kind, diagnostic.getLocation(), diagnostic.str());
  for (Diagnostic &note : diagnostic.getNotes()) {
    // MLIR adds the whole operation as a note to what verifiers find; it can be megabytes long.
    std::string message = note.str();
    if (!StringRef(message).starts_with("see current operation"))
      line("note", note.getLocation(), message);
  }
}
