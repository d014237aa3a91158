#!/bin/sh
# Checks the form of the C++ sources with clang-format (version 14, Debian 12's).
#
#   scripts/format.sh [--fix] [FILE...]      (no file: every tracked one; others than C++ are left alone)
set -eu
cd "$(dirname "$0")/.."

mode='--dry-run --Werror'
case ${1-} in
  --fix) mode=-i; shift ;;
  --help | -h) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac

command -v clang-format >/dev/null || scripts/setup.sh --with format
if [ $# = 0 ]; then
  git ls-files -z '*.h' '*.cpp' '*.inc' | xargs -0 -r clang-format $mode
else
  for file in "$@"; do
    # clang-format would take anything else for C++ too, and scramble it.
    case $file in *.h | *.cpp | *.inc) clang-format $mode "$file" ;; esac
  done
fi
