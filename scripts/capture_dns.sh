#!/usr/bin/env bash
# Records DNS on an interface for some seconds and prints who asked for what, the most frequent first.
#   scripts/capture_dns.sh IFACE SECONDS [DATABASE]      without DATABASE nothing is kept
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "usage: scripts/capture_dns.sh IFACE SECONDS [DATABASE]" >&2
  exit 2
fi
interface=$1 seconds=$2
program=$(build_program)

if [ $# -eq 3 ]; then
  database=$3
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  database="$work/dns.db"
fi

as_recorder "$program" capture --interface "$interface" --duration "$seconds" --filter 'port 53 or port 5353' --database "$database" >&2

# Newest session first: ours. Two columns that hold neither commas nor quotes.
session=$("$program" query sessions --database "$database" --format csv --fields session --limit 1 | tail -n 1)
echo "   asked  who -> what"
"$program" query transactions --database "$database" --session "$session" --where dns --format csv --fields src,name |
  tail -n +2 | sort | uniq -c | sort -rn | awk -F, '{ count = $1; sub(/^ */, "", count); split(count, part, " ");
    name = $2; printf "%8d  %s -> %s\n", part[1], part[2], name == "" ? "." : name }'
