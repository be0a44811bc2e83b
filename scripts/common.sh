# shellcheck shell=bash
# What the scripts share; sourced by them.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# configure PRESET [OPTION...]: with what Homebrew keeps aside on macOS.
configure() {
  local preset=$1
  shift
  if [ "$(uname -s)" = Darwin ]; then
    set -- "$@" "-DOPENSSL_ROOT_DIR=$(brew --prefix openssl@3)" "-DCMAKE_PREFIX_PATH=$(brew --prefix qt)"
    PKG_CONFIG_PATH="$(brew --prefix libpcap)/lib/pkgconfig:$(brew --prefix sqlite)/lib/pkgconfig:${PKG_CONFIG_PATH:-}"
    export PKG_CONFIG_PATH
  fi
  (cd "$root" && cmake --preset "$preset" "$@" >&2)
}

# build PRESET TARGET...
build() {
  local preset=$1
  shift
  (cd "$root" && cmake --build --preset "$preset" --target "$@" >&2)
}

# Builds the program; its path is printed, everything else goes to stderr.
build_program() {
  "$root/scripts/deps.sh" build >&2
  configure release
  build release packetrecorder
  echo "$root/build/release/bin/packetrecorder"
}

# as_recorder PROGRAM ARGUMENT...: as root, which recording needs; the program gives that up once its devices are open.
as_recorder() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo --preserve-env=PACKETRECORDER_LOG,NO_COLOR "$@"
  fi
}
