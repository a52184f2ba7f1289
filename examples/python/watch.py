#!/usr/bin/env python3
"""Prints each event of the log as it comes, by long polls; the place in the log is kept in a file.

    watch.py FILE [COUNT]    go on after the seq in FILE, and end after COUNT events
"""
import os
import sys

from portolan_client import client, replace


def main(place: str, count: int) -> None:
    portolan = client()
    after = 0
    if os.path.exists(place):
        with open(place, encoding="utf8") as file:
            after = int(file.read())
    while count > 0:
        for event in portolan.events(after)[:count]:
            print(event["seq"], event["type"], event.get("catalogue", "-"), flush=True)
            # Written after it was dealt with: after a crash it comes once more, and is never lost.
            after, count = event["seq"], count - 1
            replace(place, str(after).encode())


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else sys.maxsize)
