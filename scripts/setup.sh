#!/bin/sh
# Installs the Debian 12 packages that pim-mlir is built from; only those that are missing.
#
#   scripts/setup.sh [--with GROUP]... [--list]
#
# Groups beyond the build: compress (libtorch, for pim-compress), trainer (libtorch, for examples/digits),
# circuit (ngspice, which tests of wire resistance compare with), format (clang-format), bench (Node.js, for
# onnxruntime).
# Runs as root or through sudo. With everything in place it ends at once and needs neither.
set -eu

# Each line of a list is one concern, so that the reason for a package stays visible.
build="
  g++ cmake ninja-build ccache pkg-config
  python3
  llvm-22-dev libmlir-22-dev mlir-22-tools llvm-22-tools
  libzstd-dev libxml2-dev zlib1g-dev libcurl4-openssl-dev libedit-dev libffi-dev
  libonnx-dev libprotobuf-dev protobuf-compiler
  libdnnl-dev libhwy-dev
  libsuitesparse-dev
  libflatbuffers-dev flatbuffers-compiler
  libgtest-dev libgmock-dev libbenchmark-dev
"
# Automatic differentiation for pim-compress; without it the build leaves that tool out.
compress="libtorch-dev"
trainer="libtorch-dev"
circuit="ngspice"
format="clang-format"
bench="nodejs npm"

fail() {
  echo "setup.sh: error: $1" >&2
  exit "${2:-1}"
}

packages=$build
list=false
while [ $# -gt 0 ]; do
  case $1 in
    --with)
      case ${2-} in
        compress) packages="$packages $compress" ;;
        trainer) packages="$packages $trainer" ;;
        circuit) packages="$packages $circuit" ;;
        format) packages="$packages $format" ;;
        bench)
          # A Node.js from elsewhere brings its own npm and conflicts with Debian's.
          command -v node >/dev/null && command -v npm >/dev/null || packages="$packages $bench" ;;
        *) fail "--with '${2-}' is unknown, expected compress, trainer, circuit, format or bench" 2 ;;
      esac
      shift ;;
    --list) list=true ;;
    --help | -h) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "argument '$1' is unknown; see setup.sh --help" 2 ;;
  esac
  shift
done

if $list; then
  printf '%s\n' $packages
  exit 0
fi

id=unknown version=
if [ -r /etc/os-release ]; then
  id=$(. /etc/os-release && echo "${ID:-unknown}")
  version=$(. /etc/os-release && echo "${VERSION_ID:-}")
fi
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  fail "this is '$id', not Debian; install LLVM and MLIR 22.1 and the libraries of docs/building.md by hand, then run cmake --preset release"
fi

missing=
for package in $packages; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$id" != debian ] || [ "$version" != 12 ]; then
  echo "setup.sh: warning: this is $id $version; the package names are those of Debian 12" >&2
fi

if [ "$(id -u)" = 0 ]; then
  root=
elif command -v sudo >/dev/null; then
  root=sudo
else
  fail "packages are missing:$missing; install them as root, or install sudo"
fi

echo "Installing$missing"
$root apt-get update -q
unknown=
for package in $missing; do
  apt-cache show "$package" >/dev/null 2>&1 || unknown="$unknown $package"
done
[ -z "$unknown" ] ||
  fail "no package source of this machine has:$unknown; on Debian 12 the main and the security archive must be enabled (LLVM 22 is in the latter)"
$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
