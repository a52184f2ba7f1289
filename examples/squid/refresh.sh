#!/usr/bin/env bash
# Fetches the lists that portolan.conf names; run it by cron or a systemd timer. If anything fails, or if Squid warns
# about the new lists, the last good ones stay in force.
#
#   PORTOLAN_EXPORT=https://catalogue.example.com/v1/catalogues/ID/exports/squid?slice=out-tcp-80 refresh.sh
#
# Further variables: PORTOLAN_KEY, if the service needs one; SQUID_CONF; PORTOLAN_FOLDER, the folder of the lists.
set -euo pipefail

export_url=${PORTOLAN_EXPORT:?the URL of the export}
folder=${PORTOLAN_FOLDER:-/etc/squid/portolan}
config=${SQUID_CONF:-/etc/squid/squid.conf}

mkdir -p "$folder"
exec 9>"$folder/lock"
flock -n 9 || { echo 'another refresh is under way' >&2; exit 1; }

new=$(mktemp -d "$folder/lists.XXXXXX")
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"

# Both lists come in one archive, so they show the same instant. curl reads the key from its standard input, since others can see arguments.
status=$(curl --fail --silent --show-error --max-time 60 --config - \
  --etag-compare "$folder/current/etag" --etag-save "$new/etag" --output "$new/lists.tar" --write-out '%{http_code}' \
  "$export_url" <<<"${PORTOLAN_KEY:+header = \"Authorization: Bearer $PORTOLAN_KEY\"}")
if [ "$status" = 304 ]; then exit 0; fi

tar -xf "$new/lists.tar" -C "$new" --no-same-owner
rm "$new/lists.tar"
for list in dst dstdomain; do mv "$new"/*."$list" "$new/$list"; done

old=$(readlink "$folder/current" || true)
point() { ln -sfn "$1" "$folder/next" && mv -T "$folder/next" "$folder/current"; }
point "$new"
if ! said=$(squid -k parse -f "$config" 2>&1) || grep -qE 'WARNING|ERROR|FATAL' <<<"$said"; then
  grep -E 'WARNING|ERROR|FATAL' <<<"$said" >&2 || true
  if [ -n "$old" ]; then point "$old"; else rm "$folder/current"; fi
  exit 1
fi
trap - EXIT
# Squid has read the old lists, and needs them no more.
if [ -n "$old" ]; then rm -rf "$old"; fi
if squid -k check -f "$config" 2>/dev/null; then
  # Without its ETag the list is fetched again the next time, and Squid is asked to load it again.
  squid -k reconfigure -f "$config" || { rm "$new/etag"; exit 1; }
else
  echo 'Squid does not run: it reads the new lists when it starts' >&2
fi
