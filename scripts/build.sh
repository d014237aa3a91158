#!/bin/sh
# Configures a preset if that has not been done, then builds.
#
#   scripts/build.sh [--preset release|debug|asan|tsan] [TARGET...]      (no target: everything)
set -eu
cd "$(dirname "$0")/.."

preset=release
if [ "${1-}" = --preset ]; then
  preset=${2:?"build.sh: error: --preset needs a name"}
  shift 2
fi
case $preset in
  release) folder=build ;;
  *) folder=build-$preset ;;
esac

log=$folder/configure.log
if [ ! -f "$folder/build.ninja" ]; then
  mkdir -p "$folder"
  echo "Configuring into $folder"
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
fi
if [ $# = 0 ]; then
  cmake --build --preset "$preset" --target all pim-unittests
else
  cmake --build --preset "$preset" --target "$@"
fi
