#!/usr/bin/env bash
# Builds the fuzz targets and runs each for some seconds (60 if not told otherwise), seeded with the corpus where it is.
#   scripts/fuzz.sh [SECONDS [TARGET...]]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

seconds=${1:-60}
[ $# -eq 0 ] || shift
"$here/deps.sh" full
configure fuzz
build fuzz all

failed=0
for program in "$root"/build/fuzz/bin/*_fuzz; do
  name=$(basename "$program")
  if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then
    continue
  fi
  work="$root/build/fuzz/corpus/$name"
  mkdir -p "$work"
  corpus="$root/../shared/corpus/dev/pcaps"
  [ -d "$corpus" ] || corpus="$work"
  echo "== $name, $seconds s"
  # A finding stays behind as crash-... in the work folder.
  if ! (cd "$work" && "$program" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=0 \
    -verbosity=0 "$work" "$corpus"); then
    failed=1
  fi
done
exit "$failed"
