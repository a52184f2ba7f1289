"""Verifies a webhook: verify.py SECRET ID TIMESTAMP SIGNATURE < body"""
import base64
import hashlib
import hmac
import sys
import time


def is_signed(secret: str, id: str, timestamp: str, signature: str, body: bytes) -> bool:
    if abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    return any(hmac.compare_digest(part, expected) for part in signature.split())


if __name__ == "__main__":
    sys.exit(0 if is_signed(*sys.argv[1:5], sys.stdin.buffer.read()) else 1)
