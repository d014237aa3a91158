//===- SanitizerOptions.cpp - what sanitized programs run under ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linked into every tool and test when PIM_SANITIZE is set; the environment (ASAN_OPTIONS,
// TSAN_OPTIONS, ...) adds to it. Exit status 86: a finding must not pass for a tool's own status 1.
//
//===----------------------------------------------------------------------===//

// LLVM's allocators are inline code that poisons what it has not handed out. Here it is compiled
// with the sanitizer, in libLLVM without, where nothing takes the poison off again. What LLVM keeps
// for the whole process is no leak.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0:detect_leaks=0:exitcode=86";
}

extern "C" const char *__ubsan_default_options() { return "print_stacktrace=1:exitcode=86"; }

extern "C" const char *__tsan_default_options() { return "exitcode=86"; }

// oneDNN is not compiled with the sanitizer, so its locks are not seen.
extern "C" const char *__tsan_default_suppressions() {
  return "race:libdnnl.so\nrace:dnnl::primitive_desc\ncalled_from_lib:libdnnl.so.2\n";
}
