#!/usr/bin/env bash
# Fetches the values, and the file that declares them, into the folder of main.tf. If anything fails, the last files stay.
#
#   PORTOLAN_EXPORT=https://catalogue.example.com/v1/catalogues/ID/exports/terraform ./refresh.sh && terraform plan
#
# Set PORTOLAN_KEY, if the service needs one.
set -euo pipefail

export_url=${PORTOLAN_EXPORT:?the URL of the export}
cd "$(dirname "$0")"
new=$(mktemp -d ./portolan.XXXXXX)
trap 'rm -rf "$new"' EXIT

# Both files come in one archive, so they match. curl reads the key from its standard input, since others can see arguments.
curl --fail --silent --show-error --max-time 60 --config - --output "$new/files.tar" "$export_url" \
  <<<"${PORTOLAN_KEY:+header = \"Authorization: Bearer $PORTOLAN_KEY\"}"
tar -xf "$new/files.tar" -C "$new" --no-same-owner portolan.auto.tfvars.json variables.tf

# A plan with only the new files checks every value before any of them is used.
cp main.tf "$new/main.tf"
terraform -chdir="$new" plan -input=false -refresh=false -lock=false >"$new/plan.txt" 2>&1 || { cat "$new/plan.txt" >&2; exit 1; }
mv "$new/variables.tf" "$new/portolan.auto.tfvars.json" .
