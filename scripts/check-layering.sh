#!/bin/sh
# Checks by grep what the compiler cannot: which folder may include which, and how guards are named.
# Prints each offence as `file:line: what`; exit status 1 if there is any.
set -eu
cd "$(dirname "$0")/.."

offences=$(mktemp)
trap 'rm -f "$offences"' EXIT

# sources FOLDER...: the C++ files below those folders that exist.
sources() {
  for folder in "$@"; do
    [ ! -d "$folder" ] || find "$folder" \( -name '*.h' -o -name '*.cpp' -o -name '*.inc' \) -print
  done
}

# forbid WHY PATTERN FILE...: no file may have an include line that matches.
forbid() {
  why=$1 pattern=$2
  shift 2
  [ $# -gt 0 ] || return 0
  grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($pattern)" "$@" /dev/null |
    sed "s|\$|   <- $why|" >>"$offences" || true
}

# with_llvm FOLDER: its sources that belong to a compiler library, according to its CMakeLists.txt.
with_llvm() {
  awk -v folder="$1" '/add_pim_mlir_library\(/ { inside = 1 }
    inside { for (i = 1; i <= NF; ++i) if ($i ~ /\.cpp\)?$/) { sub(/\)$/, "", $i); print folder "/" $i } }
    /\)/ { inside = 0 }' "$1/CMakeLists.txt"
}

# The simulator, the codec, the program format and the target must build without LLVM. Only the YAML
# reader of the target uses it.
llvm_free=$(sources runtime include/pim/ISA lib/ISA include/pim/Program lib/Program \
  include/pim/Target lib/Target include/pim/Support lib/Support include/pim/Sparsity lib/Sparsity \
  include/pim/Codes lib/Codes include/pim/ADMM lib/ADMM examples |
  grep -vxF "$(with_llvm lib/Target; echo include/pim/Target/TargetYAML.h)")
forbid 'LLVM-free code includes LLVM or MLIR' '(llvm|mlir|llvm-c|mlir-c)/' $llvm_free
forbid 'LLVM-free code includes the compiler' \
  'pim/(Dialect|Conversion|Import|Quantization|Translate|Pipelines|Driver|TosaToGraph|InitAll)' $llvm_free

# Dependencies go one way.
forbid 'a dialect includes what is built on it' \
  'pim/(Conversion|Import|Quantization|Translate|Pipelines|Driver)/' \
  $(sources include/pim/Dialect lib/Dialect)
forbid 'a conversion includes the pipelines' 'pim/(Pipelines|Driver)/' \
  $(sources include/pim/Conversion lib/Conversion include/pim/Import lib/Import \
    include/pim/Translate lib/Translate include/pim/Quantization lib/Quantization)
# The runtime stands on the codec and the program format, not the other way round.
forbid 'the codec includes the runtime' 'pim/Runtime/' \
  $(sources include/pim/ISA lib/ISA include/pim/Program lib/Program)

# Include guards spell the path: include/pim/ISA/Codec.h has PIM_ISA_CODEC_H; a private header such as
# lib/Target/FieldText.h has LIB_TARGET_FIELDTEXT_H, with or without PIM_ before it. Headers that are
# included once for each processor generation have Highway's toggle.
for file in $(sources include runtime lib tools examples unittests | grep '\.h$' || true); do
  path=${file#runtime/}
  path=${path#include/}
  case $path in
    pim/*) optional= ;;
    *) path=$file optional='(PIM_)?' ;;
  esac
  guard=$(printf '%s' "$path" | tr 'a-z/.-' 'A-Z___')
  grep -qE "^#(ifndef ${optional}${guard}|if defined\(${optional}${guard}\) == defined\(HWY_TARGET_TOGGLE\))\$" "$file" ||
    echo "$file:1:   <- the include guard is not $guard" >>"$offences"
done

if [ -s "$offences" ]; then
  cat "$offences" >&2
  exit 1
fi
