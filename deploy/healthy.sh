#!/usr/bin/env bash
# The health check of the image: 0 if the service in this container is ready. It needs no program but bash, and starts no second Node.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${PORTOLAN_PORT:-8080}"
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 3 _ status _ <&3
[ "$status" = 200 ]
