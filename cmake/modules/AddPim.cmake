# Functions that declare the parts of pim-mlir. Two worlds, kept apart:
#   add_pim_library      LLVM-free code (instruction codec, program format, simulator)
#   add_pim_mlir_library compiler code against the shared libMLIR/libLLVM

set(PIM_SOURCE_INCLUDE_DIR ${PROJECT_SOURCE_DIR}/include)
set(PIM_BINARY_INCLUDE_DIR ${PROJECT_BINARY_DIR}/include)
set(PIM_RUNTIME_INCLUDE_DIR ${PROJECT_SOURCE_DIR}/runtime/include)

add_library(pim_compile_options INTERFACE)
target_compile_options(pim_compile_options INTERFACE -Wall -Wextra -Wno-unused-parameter)
if(PIM_SANITIZE)
  target_compile_options(pim_compile_options INTERFACE -fsanitize=${PIM_SANITIZE} -fno-sanitize-recover=all
                                                       -fno-omit-frame-pointer)
  target_link_options(pim_compile_options INTERFACE -fsanitize=${PIM_SANITIZE})
endif()

# What both worlds have: the folders of headers, the options, the libraries.
function(pim_add_static_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PUBLIC ${PIM_SOURCE_INCLUDE_DIR} ${PIM_BINARY_INCLUDE_DIR}
                                            ${PIM_RUNTIME_INCLUDE_DIR})
  target_link_libraries(${name} PUBLIC pim_compile_options ${ARG_LINK_LIBS})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# add_pim_library(NAME sources... [OWN_PCH] [LINK_LIBS libs...] [DEPENDS targets...])
# OWN_PCH: the caller precompiles headers of its own.
function(add_pim_library name)
  cmake_parse_arguments(ARG "OWN_PCH" "" "LINK_LIBS;DEPENDS" ${ARGN})
  pim_add_static_library(${name} ${ARG_UNPARSED_ARGUMENTS} LINK_LIBS ${ARG_LINK_LIBS} DEPENDS ${ARG_DEPENDS})
  if(PIM_USE_PCH AND NOT ARG_OWN_PCH)
    target_precompile_headers(${name} REUSE_FROM pim_pch)
  endif()
endfunction()

# The precompiled MLIR headers, shared by every compiler library.
function(pim_setup_mlir_target name)
  target_include_directories(${name} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  separate_arguments(definitions NATIVE_COMMAND ${LLVM_DEFINITIONS})
  target_compile_definitions(${name} PUBLIC ${definitions})
  target_link_libraries(${name} PUBLIC MLIR LLVM)
  if(PIM_USE_PCH AND NOT name STREQUAL pim_mlir_pch)
    target_precompile_headers(${name} REUSE_FROM pim_mlir_pch)
  endif()
endfunction()

if(PIM_USE_PCH)
  file(WRITE ${PROJECT_BINARY_DIR}/pim_pch.cpp "// Carries the precompiled standard headers.\n")
  add_library(pim_pch STATIC ${PROJECT_BINARY_DIR}/pim_pch.cpp)
  target_link_libraries(pim_pch PUBLIC pim_compile_options)
  target_precompile_headers(
    pim_pch PRIVATE
    <algorithm> <array> <charconv> <cmath> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <numeric>
    <optional> <set> <span> <sstream> <string> <thread> <unordered_map> <variant> <vector> <flatbuffers/flatbuffers.h>)

  file(WRITE ${PROJECT_BINARY_DIR}/pim_mlir_pch.cpp "// Carries the precompiled MLIR headers.\n")
  add_library(pim_mlir_pch STATIC ${PROJECT_BINARY_DIR}/pim_mlir_pch.cpp)
  target_link_libraries(pim_mlir_pch PUBLIC pim_compile_options)
  pim_setup_mlir_target(pim_mlir_pch)
  target_precompile_headers(
    pim_mlir_pch PRIVATE
    <mlir/Dialect/Tosa/IR/TosaOps.h> <mlir/Dialect/Quant/IR/Quant.h> <mlir/Dialect/Func/IR/FuncOps.h>
    <mlir/IR/Builders.h> <mlir/IR/DialectResourceBlobManager.h> <mlir/Pass/Pass.h>
    <mlir/Transforms/DialectConversion.h> <mlir/Transforms/GreedyPatternRewriteDriver.h>)
endif()

# add_pim_mlir_library(NAME sources... [LINK_LIBS libs...] [DEPENDS targets...])
# DEPENDS names the targets of generated headers; all dialect headers are waited for in any case.
function(add_pim_mlir_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS;DEPENDS" ${ARGN})
  pim_add_static_library(${name} ${ARG_UNPARSED_ARGUMENTS} LINK_LIBS ${ARG_LINK_LIBS} DEPENDS ${ARG_DEPENDS})
  pim_setup_mlir_target(${name})
  add_dependencies(${name} pim-headers)
endfunction()

# add_pim_tool(NAME sources... [MLIR] [INSTALL] [LINK_LIBS libs...]): an executable in build/bin.
# INSTALL: it is for users, and cmake --install copies it.
function(add_pim_tool name)
  cmake_parse_arguments(ARG "MLIR;INSTALL" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  if(PIM_SANITIZE)
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/SanitizerOptions.cpp)
  endif()
  # Code as the libraries have it (-fPIC, not CMake's -fPIE), or the precompiled headers do not fit.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
  target_include_directories(${name} PRIVATE ${PIM_SOURCE_INCLUDE_DIR} ${PIM_BINARY_INCLUDE_DIR}
                                             ${PIM_RUNTIME_INCLUDE_DIR})
  target_link_libraries(${name} PRIVATE pim_compile_options ${ARG_LINK_LIBS})
  if(ARG_MLIR)
    pim_setup_mlir_target(${name})
    add_dependencies(${name} pim-headers)
  endif()
  if(ARG_INSTALL)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endfunction()

# add_pim_unittest(NAME sources... [MLIR] [LINK_LIBS libs...]): a GoogleTest program, registered with CTest.
function(add_pim_unittest name)
  cmake_parse_arguments(ARG "MLIR" "" "LINK_LIBS" ${ARGN})
  add_pim_tool(${name} ${ARG_UNPARSED_ARGUMENTS} LINK_LIBS ${ARG_LINK_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  if(ARG_MLIR)
    pim_setup_mlir_target(${name})
    add_dependencies(${name} pim-headers)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unittests)
  add_test(NAME ${name} COMMAND ${name})
  add_dependencies(pim-unittests ${name})
endfunction()

add_custom_target(pim-headers)  # every generated header of the compiler
add_custom_target(pim-unittests)

# add_pim_flatbuffers(TARGET schema.fbs): generates <binary include>/<same folder>/<name>_generated.h
function(add_pim_flatbuffers target schema)
  get_filename_component(absolute ${schema} ABSOLUTE)
  file(RELATIVE_PATH relative ${PIM_SOURCE_INCLUDE_DIR} ${absolute})
  get_filename_component(folder ${relative} DIRECTORY)
  get_filename_component(stem ${relative} NAME_WE)
  set(output ${PIM_BINARY_INCLUDE_DIR}/${folder}/${stem}_generated.h)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${FLATC_EXECUTABLE} --cpp --cpp-std c++17 --scoped-enums --gen-object-api -I ${PIM_SOURCE_INCLUDE_DIR} -o ${PIM_BINARY_INCLUDE_DIR}/${folder} ${absolute}
    DEPENDS ${absolute}
    COMMENT "Generating ${folder}/${stem}_generated.h")
  add_custom_target(${target} DEPENDS ${output})
endfunction()

# pim_add_subdirectories(): every child folder that has a CMakeLists.txt, in alphabetical order.
function(pim_add_subdirectories)
  file(GLOB lists CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(list ${lists})
    get_filename_component(folder ${list} DIRECTORY)
    get_filename_component(stem ${folder} NAME)
    if(NOT stem STREQUAL "pim-tblgen")  # added first, by the top level
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()
