# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The lit suite: every .mlir, .td and .test file below this folder.
#
#   --param verify_roundtrip=1   run pim-opt with --verify-roundtrip everywhere
#
# Features a test may ask for (REQUIRES: / UNSUPPORTED:):
#   shared-data    the models and data sets of ../shared/data are there
#   sanitizers     the tools are built with ASan and UBSan
#   bash           there is one
#   roundtrip      the suite runs under --verify-roundtrip

import os

import lit.formats
import lit.util

import lit.llvm
from lit.llvm.subst import ToolSubst

config.name = "pim-mlir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".td", ".test"]
# Inputs holds what tests read; e2e has its own runner.
config.excludes = ["Inputs", "e2e"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.pim_binary_dir, "test")

lit.llvm.initialize(lit_config, config)
from lit.llvm import llvm_config

llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
llvm_config.with_environment("PATH", config.pim_tools_dir, append_path=True)

verify_roundtrip = lit_config.params.get("verify_roundtrip", "0") not in ("", "0")
if verify_roundtrip:
    config.available_features.add("roundtrip")

tools = [
    ToolSubst("pim-opt", extra_args=["--verify-roundtrip"] if verify_roundtrip else [],
              unresolved="ignore"),
    ToolSubst("pim-translate", unresolved="ignore"),
    ToolSubst("pimc", unresolved="ignore"),
    ToolSubst("pim-run", unresolved="ignore"),
    ToolSubst("pim-tblgen", unresolved="ignore"),
]
llvm_config.add_tool_substitutions(tools, [config.pim_tools_dir])
llvm_config.add_tool_substitutions(
    ["FileCheck", "not", "count", "split-file", "mlir-tblgen"], [config.llvm_tools_dir])

# Paths that tests refer to.
config.substitutions.append(("%pim_src", config.pim_source_dir))
config.substitutions.append(("%pim_build", config.pim_binary_dir))
config.substitutions.append(("%pim_include", os.path.join(config.pim_source_dir, "include")))
config.substitutions.append(("%targets", os.path.join(config.pim_source_dir, "targets")))
config.substitutions.append(("%digits", os.path.join(config.pim_source_dir, "examples", "digits")))
config.substitutions.append(("%mlir_include",
    os.path.join(os.path.dirname(config.llvm_tools_dir), "include")))

if lit.util.which("bash"):
    config.available_features.add("bash")

shared_data = os.path.normpath(os.path.join(config.pim_source_dir, "..", "shared", "data"))
if os.path.isdir(os.path.join(shared_data, "models")):
    config.available_features.add("shared-data")
config.substitutions.append(("%shared_data", shared_data))

if config.pim_sanitized:
    config.available_features.add("sanitizers")
