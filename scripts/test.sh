#!/bin/sh
# Builds everything and runs every test: form, lit, GoogleTest, end to end.
#
#   scripts/test.sh [--full] [--preset release|debug|asan|tsan]
#
# --full runs the long versions: whole test sets, more mutations, lit also under --verify-roundtrip.
# The last line is `N passed, N failed, N skipped`; the exit status is 1 if any failed.
set -eu
cd "$(dirname "$0")/.."

full= preset=release
while [ $# -gt 0 ]; do
  case $1 in
    --full) full=--full ;;
    --preset) preset=${2:?"test.sh: error: --preset needs a name"}; shift ;;
    --help | -h) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "test.sh: error: argument '$1' is unknown; see test.sh --help" >&2; exit 2 ;;
  esac
  shift
done
build=build
[ "$preset" = release ] || build=build-$preset

scripts/setup.sh --with compress --with circuit
scripts/build.sh --preset "$preset"

results=$PWD/$build/test-results
rm -rf "$results"
mkdir -p "$results/gtest"
lit=$(command -v lit || echo /usr/lib/llvm-22/bin/lit)
jobs=$(nproc)
# Tests of the libraries that damage files at random do so more often, and long ones run, too.
[ -z "$full" ] || export PIM_FUZZ_MUTATIONS=20000 GTEST_ALSO_RUN_DISABLED_TESTS=1

echo "== Form"
if scripts/check-layering.sh; then layering=passed; else layering=failed; fi
if scripts/format.sh; then formatting=passed; else formatting=failed; fi

# A failing step must not hide the ones after it: what counts is in the result files.
echo "== lit"
"$lit" -sv -j "$jobs" -o "$results/lit.json" "$build/test" || true
if [ -n "$full" ]; then
  echo "== lit under --verify-roundtrip"
  "$lit" -sv -j "$jobs" --param verify_roundtrip=1 -o "$results/lit-roundtrip.json" "$build/test" || true
fi
echo "== GoogleTest"
# ctest counts programs; the JSON files that they write themselves count tests.
GTEST_OUTPUT="json:$results/gtest/" ctest --test-dir "$build" -j "$jobs" --output-on-failure \
  --no-tests=ignore --output-junit "$results/ctest.xml" --timeout 1800 >"$results/ctest.log" 2>&1 ||
  cat "$results/ctest.log"
echo "== End to end"
suites=
for script in test/e2e/run_*.py; do
  suite=${script#*/run_}
  suite=${suite%.py}
  suites="$suites --e2e $suite"
  python3 "$script" $full --build "$build" --results "$results/e2e-$suite.json" || true
done
[ -d ../shared/data/models ] ||
  echo "../shared/data is not here: the tests with real models were skipped"

echo "== Summary"
python3 scripts/summarize-tests.py "$results" --form layering="$layering" --form formatting="$formatting" $suites
