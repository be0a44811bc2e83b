#!/usr/bin/env bash
# Installs what building needs; with "test" also what the tests need, with "full" what fuzzing needs.
# Asks for sudo only when something is missing and the user is not root.
set -euo pipefail

want=${1:-build}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "deps.sh: needs root to run: $*" >&2
    exit 4
  fi
}

debian() {
  local packages="g++ cmake ninja-build pkg-config ccache
    qt6-base-dev libqt6sql6-sqlite libabsl-dev libpcap-dev libssl-dev libzstd-dev zlib1g-dev libbrotli-dev libnghttp2-dev
    libxxhash-dev libre2-dev libsqlite3-dev libcli11-dev nlohmann-json3-dev libcap-ng-dev"
  if [ "$want" != build ]; then
    packages="$packages python3 iproute2 tshark tcpdump tcpreplay clang-format-14 shellcheck zstd"
  fi
  if [ "$want" = full ]; then
    packages="$packages clang"
  fi
  local missing="" package
  for package in $packages; do
    if ! dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
      missing="$missing $package"
    fi
  done
  if [ -z "$missing" ]; then
    return
  fi
  echo "Installing:$missing" >&2
  as_root apt-get update -qq
  # shellcheck disable=SC2086  # a list of words
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

homebrew() {
  if ! command -v brew >/dev/null; then
    echo "deps.sh: needs Homebrew: https://brew.sh" >&2
    exit 1
  fi
  local formulas="cmake ninja pkg-config ccache qt abseil libpcap openssl@3 zstd brotli libnghttp2 xxhash re2 sqlite cli11 nlohmann-json"
  if [ "$want" != build ]; then
    formulas="$formulas python@3 wireshark clang-format shellcheck"
  fi
  if [ "$want" = full ]; then
    formulas="$formulas llvm"
  fi
  local missing="" formula
  for formula in $formulas; do
    if ! brew list --versions "$formula" >/dev/null 2>&1; then
      missing="$missing $formula"
    fi
  done
  if [ -n "$missing" ]; then
    # shellcheck disable=SC2086  # a list of words
    brew install $missing
  fi
}

case "$(uname -s)" in
  Darwin) homebrew ;;
  Linux)
    if ! command -v apt-get >/dev/null; then
      echo "deps.sh: knows apt (Debian 12) and Homebrew; install by hand what CMakeLists.txt asks for" >&2
      exit 0
    fi
    debian
    ;;
  *) echo "deps.sh: unknown system $(uname -s)" >&2 ;;
esac
