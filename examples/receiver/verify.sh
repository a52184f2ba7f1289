#!/bin/sh
# Verifies a webhook with openssl: verify.sh SECRET ID TIMESTAMP SIGNATURE < body
age=$(($(date +%s) - $3))
[ "$age" -le 300 ] && [ "$age" -ge -300 ] || exit 1
key=$(printf %s "${1#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
expected=$({ printf '%s.%s.' "$2" "$3"; cat; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
for signature in $4; do
  [ "$signature" = "v1,$expected" ] && exit 0
done
exit 1
