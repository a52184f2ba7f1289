#!/usr/bin/env bash
# Usage: deploy/make-secrets.sh [FOLDER]
# Writes the secrets of docker-compose.yml into files (deploy/secrets by default), each once: what is there stays.
set -euo pipefail
folder=${1:-"$(dirname "$0")/secrets"}
mkdir -p "$folder"
# Only the folder keeps others out: in the containers, users with other numbers read the files.
chmod 700 "$folder"

# write NAME TEXT
write() {
  [ -e "$folder/$1" ] || printf '%s' "$2" >"$folder/$1"
  chmod 444 "$folder/$1"
}

write database-password "$(openssl rand -hex 32)"
write database-url "postgres://portolan:$(cat "$folder/database-password")@database:5432/portolan"
write secret-key "$(openssl rand -base64 32)"
