#!/usr/bin/env python3
"""Syncs with Portolan as Nautobot SSoT does: it loads both sides, compares them by identifiers, then creates, updates and deletes.

    python3 examples/cmdb/nautobot_sync.py http://127.0.0.1:8080 nautobot.json

The file takes the place of Nautobot: a real job has a model for each of the three, with the same _identifiers and _attributes, whose
create, update and delete write to its database. The script needs only the package requests.
"""
import json
import pathlib
import sys

import requests

# Parents first.
MODELS = ("catalogue", "requirement", "endpoint")
PATH = "/v1/snapshot/catalogues,requirements,endpoints"


def load_source(base, etag):
    """All records of Portolan by model and identifiers, or None if nothing has changed since the ETag."""
    headers = {"If-None-Match": etag} if etag else {}
    answer = requests.get(base + PATH, params={"shape": "diffsync"}, headers=headers, timeout=60)
    if answer.status_code == 304:
        return None, etag
    answer.raise_for_status()
    body = answer.json()
    records = {model: {identity(row): row for row in body[model]} for model in MODELS}
    # An answer that was cut short must not delete anything.
    if sum(len(rows) for rows in records.values()) != body["count"]:
        raise SystemExit("the snapshot does not have as many records as it says")
    return records, answer.headers["ETag"]


def load_target(file):
    path = pathlib.Path(file)
    if not path.exists():
        return {model: {} for model in MODELS}, None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {model: {identity(row): row for row in kept[model]} for model in MODELS}, kept["etag"]


def identity(row):
    """The identity of a row as DiffSync makes it: from its identifiers, which never change."""
    return "__".join(str(value) for value in row["identifiers"].values())


def sync(source, target):
    """Makes the target equal to the source: parents are created first and deleted last."""
    counts = {"create": 0, "update": 0, "delete": 0}
    for model in MODELS:
        for key, row in source[model].items():
            known = target[model].get(key)
            if known is None:
                counts["create"] += 1
            elif known["attributes"] != row["attributes"]:
                counts["update"] += 1
            target[model][key] = row
    for model in reversed(MODELS):
        for key in [key for key in target[model] if key not in source[model]]:
            del target[model][key]
            counts["delete"] += 1
    return counts


def main(base, file):
    target, etag = load_target(file)
    source, etag = load_source(base, etag)
    if source is None:
        print("not modified")
        return
    counts = sync(source, target)
    kept = {"etag": etag, **{model: list(target[model].values()) for model in MODELS}}
    pathlib.Path(file).write_text(json.dumps(kept), encoding="utf-8")
    print(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
