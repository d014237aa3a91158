# Rules that run pim-tblgen and, for ops computed from our own tables, stock mlir-tblgen.

# pim_tablegen(OUTPUT -flag... [SOURCE file.td] [DEPENDS files...])
# Runs pim-tblgen on SOURCE (default: LLVM_TARGET_DEFINITIONS), writes OUTPUT into the current binary folder and
# appends it to PIM_TABLEGEN_OUTPUT of the caller. Files that SOURCE includes are tracked.
function(pim_tablegen output)
  cmake_parse_arguments(ARG "" "SOURCE" "DEPENDS" ${ARGN})
  if(NOT ARG_SOURCE)
    set(ARG_SOURCE ${LLVM_TARGET_DEFINITIONS})
  endif()
  get_filename_component(source ${ARG_SOURCE} ABSOLUTE)
  set(absolute ${CMAKE_CURRENT_BINARY_DIR}/${output})
  add_custom_command(
    OUTPUT ${absolute}
    COMMAND pim-tblgen ${ARG_UNPARSED_ARGUMENTS} -I ${PROJECT_SOURCE_DIR}/include ${source} --write-if-changed
            -o ${absolute} -d ${absolute}.d
    DEPENDS pim-tblgen ${source} ${ARG_DEPENDS}
    DEPFILE ${absolute}.d
    COMMENT "Generating ${output}")
  set(PIM_TABLEGEN_OUTPUT ${PIM_TABLEGEN_OUTPUT} ${absolute} PARENT_SCOPE)
endfunction()

# add_pim_tablegen_target(NAME): a target for what pim_tablegen() listed so far in this folder. LLVM-free libraries
# name it in DEPENDS; compiler libraries wait for it through pim-headers.
macro(add_pim_tablegen_target name)
  add_custom_target(${name} DEPENDS ${PIM_TABLEGEN_OUTPUT})
  add_dependencies(pim-headers ${name})
  set(PIM_TABLEGEN_OUTPUT "")
endmacro()
