#!/bin/sh
# Reads `nft -j list ruleset` and writes what its sets let out to, one destination a line: 192.0.2.1 tcp/80
# Ranges of ports, and what has none, are written without a port. Needs jq.
set -eu
exec jq -r '
  def text: if type == "object" then "\(.prefix.addr)/\(.prefix.len)" else tostring end;
  .nftables[].set // empty | select(.table == "portolan" and (.name | test("^out[46](-any|-source)?_"))) | .elem[]?
  | (.elem.val? // .) | if type == "object" and has("concat") then .concat else [.] end
  | (.[0] | text) + (if length > 1 and (.[-1] | type) == "number" then " \(.[1])/\(.[-1])" else "" end)' | sort -u
