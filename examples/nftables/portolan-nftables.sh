#!/bin/sh
# Loads what holds now in a catalogue into the sets of nftables, all at once, and keeps the last good list if anything fails.
# Run it every few minutes (by cron, or by the timer beside it). The script needs curl 7.70, nft and md5sum.
#
#   PORTOLAN_URL        base of the service, such as https://catalogue.example.net
#   PORTOLAN_CATALOGUE  id of the catalogue
#   PORTOLAN_QUERY      parameters of the export, such as lead=P1D (optional)
#   PORTOLAN_KEY        key with the scope catalogue:read, if the service needs one (optional)
#   PORTOLAN_STATE      folder for the last good list and its ETag (default /var/lib/portolan-nftables)
#   PORTOLAN_EMPTY      "yes" also accepts a list without entries (default no)
#
# Exit code: 0 the kernel has what holds now, 1 it has the last good list or no list.
set -eu
umask 077

: "${PORTOLAN_URL:?}" "${PORTOLAN_CATALOGUE:?}"
state=${PORTOLAN_STATE:-/var/lib/portolan-nftables}
query=${PORTOLAN_QUERY:+?$PORTOLAN_QUERY}
export=$PORTOLAN_URL/v1/catalogues/$PORTOLAN_CATALOGUE/exports/nftables

mkdir -p "$state"
fresh=$(mktemp -d "$state/fresh.XXXXXX")
trap 'rm -rf "$fresh"' EXIT

# curl reads the key from its standard input, so that no list of processes shows it.
fetch() {
  if [ -n "${PORTOLAN_KEY:-}" ]; then printf 'header = "Authorization: Bearer %s"\n' "$PORTOLAN_KEY"; fi |
    curl --silent --show-error --max-time 60 --retry 2 --config - "$@"
}

# A reboot empties the kernel, but not the folder.
is_loaded() { nft list set inet portolan "out4_$PORTOLAN_CATALOGUE" >/dev/null 2>&1; }
reload() { is_loaded || { [ ! -e "$state/list.nft" ] || nft -f "$state/list.nft"; }; }

keep() {
  echo "portolan-nftables: $1: the last good list stays" >&2
  reload
  exit 1
}

# The ETag belongs to the list that was loaded: it is used for this query only, and kept only after the load.
printf '%s' "$export$query" >"$fresh/url"
if [ -e "$state/list.nft" ] && cmp -s "$fresh/url" "$state/url"; then cp "$state/etag" "$fresh/known"; else : >"$fresh/known"; fi

code=$(fetch --etag-compare "$fresh/known" --etag-save "$fresh/etag" --dump-header "$fresh/head" --output "$fresh/list.nft" \
  --write-out '%{http_code}' "$export$query") || keep "no whole answer"
case $code in
  200) ;;
  304)
    reload || keep "the kernel does not take it"
    exit 0
    ;;
  *) keep "the service answers $code" ;;
esac

sum=$(fetch --fail "$export.md5$query") || keep "there is no checksum"
[ "$(md5sum <"$fresh/list.nft" | cut -c 1-32)" = "$sum" ] || keep "the checksum is another"

entries=$(tr -d '\r' <"$fresh/head" | sed -n 's/^[Pp]ortolan-[Ee]xport-[Rr]eport:.*entries=\([0-9]*\).*/\1/p')
[ "${entries:-0}" -gt 0 ] || [ "${PORTOLAN_EMPTY:-no}" = yes ] || keep "the list is empty"

# nft runs any command as root: accept nothing but the sets of this catalogue.
tab=$(printf '\t')
name='(out|in|mc)[46](-[a-z]+)?_'$(printf '%s' "$PORTOLAN_CATALOGUE" | sed 's/\./\\./g')
grep -Ev "^(#.*|table inet portolan \{|${tab}set $name \{ type [a-z0-9_ .]+; flags interval; \}|\}|(flush set|add element) inet portolan $name( \{)?|${tab}[0-9a-f.:/]+( \. [a-z0-9-]+)* comment \"[^\"]*\",?)\$" \
  "$fresh/list.nft" >"$fresh/strange" && keep "there is more in it than sets"

nft -c -f "$fresh/list.nft" || keep "nft refuses it"
nft -f "$fresh/list.nft" || keep "the kernel refuses it"
mv "$fresh/list.nft" "$state/list.nft"
mv "$fresh/etag" "$state/etag"
mv "$fresh/url" "$state/url"
echo "portolan-nftables: $entries entries loaded" >&2
