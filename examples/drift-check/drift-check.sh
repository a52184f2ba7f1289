#!/bin/sh
# Compares the destinations of a firewall (standard input, one on each line: VALUE, or VALUE tcp/80) with a catalogue.
# Exit code: 0 they agree, 1 there is drift, 2 the comparison failed. The script needs curl and jq.
#
#   drift-check.sh URL CATALOGUE [QUERY] <destinations
#
# QUERY has parameters of the audit, such as scope=external. A packet filter has no names, so only addresses are compared where it names no
# kind; for a firewall that knows names, add kind=host.
# PORTOLAN_KEY is the key, if the service needs one.
set -eu
[ $# -ge 2 ] || { echo "usage: drift-check.sh URL CATALOGUE [QUERY] <destinations" >&2; exit 2; }

body=$(jq -R -s '{entries: [split("\n")[] | gsub("^\\s+|\\s+$"; "") | select(. != "" and (startswith("#") | not))]}') || exit 2
case ${3:-} in
  kind=* | *"&kind="*) query=$3 ;;
  *) query="kind=address${3:+&$3}" ;;
esac
config=${PORTOLAN_KEY:+header = \"Authorization: Bearer $PORTOLAN_KEY\"}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
{ printf '%s' "$body" >"$answer.body"; } && trap 'rm -f "$answer" "$answer.body"' EXIT
printf '%s\n' "$config" | curl --silent --show-error --fail-with-body --max-time 60 --config - --output "$answer" \
  --header 'Content-Type: application/json' --data-binary "@$answer.body" \
  "$1/v1/catalogues/$2/audit?$query" || { cat "$answer" >&2; exit 2; }

# What is needed elsewhere stays, and nobody knows of what is unknown.
drift=$(jq -r '
  (.retired[] | select(.neededElsewhere == []) | "retired   \(.value) \(.port // "")"),
  (.invalid[] | "invalid   \(.entry): \(.detail)"),
  (.missing[] | "missing   \(.value)")' "$answer") || exit 2
jq -r '(.retiring[] | "retiring  \(.value) \(.port // "")"), (.unknown[] | "unknown   \(.value) \(.port // "")")' "$answer"
[ -n "$drift" ] || { echo "no drift"; exit 0; }
printf '%s\n' "$drift"
exit 1
