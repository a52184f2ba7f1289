#!/bin/sh
# Reads `nft -j list ruleset` and writes the destinations that its sets let out, one on each line: 192.0.2.1 tcp/80
# A destination with a range of ports, or without ports, is written without a port. The script needs jq.
set -eu
exec jq -r '
  def text: if type == "object" then "\(.prefix.addr)/\(.prefix.len)" else tostring end;
  .nftables[].set // empty | select(.table == "portolan" and (.name | test("^out[46](-any|-source)?_"))) | .elem[]?
  | (.elem.val? // .) | if type == "object" and has("concat") then .concat else [.] end
  | (.[0] | text) + (if length > 1 and (.[-1] | type) == "number" then " \(.[1])/\(.[-1])" else "" end)' | sort -u
