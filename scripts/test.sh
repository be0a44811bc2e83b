#!/usr/bin/env bash
# Installs what is needed, builds a release with its tests, and runs every test; the last line is ctest's summary.
# --full: also 60 s of each fuzz target, and the tests again under address and undefined-behaviour sanitizers.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

full=no
case "${1:-}" in
  "") ;;
  --full) full=yes ;;
  *) echo "usage: scripts/test.sh [--full]" >&2; exit 2 ;;
esac

if [ "$full" = yes ]; then
  "$here/deps.sh" full
else
  "$here/deps.sh" test
fi
configure release -DPR_BUILD_TESTS=ON
build release all

failed=0
if [ "$full" = yes ]; then
  configure asan
  build asan all
  (cd "$root" && ctest --preset asan -L unit) || failed=1
  "$here/fuzz.sh" 60 || failed=1
fi

# Black-box checks of the commands, where the folder with them is there.
checks="$root/../shared/checks/recorder.py"
if [ -f "$checks" ]; then
  python3 "$checks" "$root/build/release/bin/packetrecorder" || failed=1
else
  echo "test.sh: no $checks here: the black-box checks are left out" >&2
fi

(cd "$root" && ctest --preset release) || failed=1
exit "$failed"
