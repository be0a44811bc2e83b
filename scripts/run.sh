#!/usr/bin/env bash
# Builds what is not built yet and runs packetrecorder with the given arguments. Recording asks for sudo.
#   scripts/run.sh capture --duration 10 --database captures.db
#   scripts/run.sh query flows --database captures.db
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

program=$(build_program)

# Recording needs root; asking for its help does not.
records=no
for word in "$@"; do
  case "$word" in
    capture) records=yes ;;
    -h | --help) records=no; break ;;
    -v | --verbose) ;;
    *) [ "$records" = yes ] || break ;;
  esac
done

if [ "$records" = yes ] && [ "$(id -u)" -ne 0 ]; then
  exec sudo --preserve-env=PACKETRECORDER_LOG,NO_COLOR "$program" "$@"
fi
exec "$program" "$@"
