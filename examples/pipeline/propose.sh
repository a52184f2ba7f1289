#!/usr/bin/env bash
# Inside a checkout of the repository that a firewall is configured from: fetches an export if it has changed, checks it with the real tool, and
# opens a change with the list, whose text says what to open and what to close. A person merges it. The script needs bash, curl 7.70, git and gh.
#
#   PORTOLAN_URL        base of the service, such as https://catalogue.example.net
#   PORTOLAN_CATALOGUE  id of the catalogue
#   PORTOLAN_EXPORT     format and parameters of the export (default nftables)
#   PORTOLAN_LIST       file of the list in the repository (default portolan.nft); its ETag is kept beside it
#   PORTOLAN_CHECK      command that checks the file that is its last argument (default nft -c -f)
#   PORTOLAN_KEY        key with the scope catalogue:read, if the service needs one
#
# Exit code: 0 a change is open, or nothing has changed; 1 something is wrong, and nothing was pushed.
set -euo pipefail

base=${PORTOLAN_URL:?}/v1/catalogues/${PORTOLAN_CATALOGUE:?}
list=${PORTOLAN_LIST:-portolan.nft}
read -ra check <<<"${PORTOLAN_CHECK:-nft -c -f}"
fail() { echo "propose: $1" >&2; exit 1; }

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT

# curl reads the key from its standard input, since others can see arguments.
fetch() {
  curl --fail-with-body --silent --show-error --max-time 60 --retry 2 --config - "$@" \
    <<<"${PORTOLAN_KEY:+header = \"Authorization: Bearer $PORTOLAN_KEY\"}"
}

if [ -e "$list.etag" ]; then cp "$list.etag" "$new/known"; else : >"$new/known"; fi
status=$(fetch --etag-compare "$new/known" --etag-save "$new/etag" --output "$new/list" --write-out '%{http_code}' \
  "$base/exports/${PORTOLAN_EXPORT:-nftables}") || fail "no list: $(cat "$new/list" 2>/dev/null)"
if [ "$status" = 304 ]; then echo 'nothing has changed'; exit 0; fi
[ -s "$new/list" ] || fail 'the list is empty'
"${check[@]}" "$new/list" || fail 'the list does not pass the check'
if [ -e "$list" ] && cmp -s "$new/list" "$list"; then echo 'nothing has changed'; exit 0; fi

if [ -s "$new/known" ]; then
  fetch --get --data-urlencode "since=$(cat "$new/known")" --data format=markdown --output "$new/text" "$base/change-pack" ||
    fail "no change pack: $(cat "$new/text" 2>/dev/null)"
else
  printf '# %s: the first list\n\nEverything that the catalogue asks for now.\n' "$PORTOLAN_CATALOGUE" >"$new/text"
fi

# The branch is named after the list: the same list is proposed once, whatever becomes of the proposal.
branch=portolan/$(git hash-object "$new/list" | cut -c 1-12)
if git ls-remote --exit-code --heads origin "$branch" >/dev/null; then echo "$branch is proposed already"; exit 0; fi
title=$(sed -n '1s/^# *//p' "$new/text")
git checkout --quiet -b "$branch"
cp "$new/list" "$list"
cp "$new/etag" "$list.etag"
git add -- "$list" "$list.etag"
git commit --quiet --message "$title"
git push --quiet origin "$branch"
gh pr create --head "$branch" --title "$title" --body-file "$new/text" >/dev/null || fail "$branch is pushed, and no change could be opened for it"
echo "$branch is proposed: $title"
