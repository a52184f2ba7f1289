#!/usr/bin/env python3
"""Brings the addresses and ports of Portolan into NetBox, and keeps them there as the catalogues say (Python 3.9, nothing to install).

    netbox_sync.py --dry-run     prints what it would do, and writes nothing
    netbox_sync.py               does it; a second run finds nothing to do
    netbox_sync.py --remove-all  removes all that it ever wrote, and nothing else

PORTOLAN_URL is the service (default http://127.0.0.1:8080), PORTOLAN_KEY a key where reads need one; PORTOLAN_QUERY selects, such as
catalogue=ID. NETBOX_URL is NetBox, NETBOX_TOKEN its token, which may write to the IPAM, to tags and to custom fields.

What it wrote has the tag `portolan` and the custom field `portolan_id`. It changes and removes nothing else: an address that somebody else
entered is left as it is, and named.
"""
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, Iterator, List, Optional

Record = Dict[str, Any]

TAG = {"name": "portolan", "slug": "portolan"}
FIELD = {
    "name": "portolan_id",
    "label": "Portolan",
    "type": "text",
    "object_types": ["ipam.ipaddress", "ipam.prefix", "ipam.servicetemplate"],
}
# The field of each kind of record that says which one it is.
KINDS = {"service-templates": "name", "ip-addresses": "address", "prefixes": "prefix"}
# The fields that are compared and written; a status, a protocol and a family are answered as {"value": …, "label": …}.
FIELDS = ("name", "protocol", "ports", "address", "prefix", "status", "description", "comments")
BATCH = 100


class Refused(Exception):
    pass


def ask(method: str, url: str, headers: Dict[str, str], body: Any = None) -> Any:
    sent = {"Accept": "application/json", "User-Agent": "portolan-netbox-example", **headers}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        sent["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=data, headers=sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            said = answer.read()
    except urllib.error.HTTPError as error:
        raise Refused(f"{method} {url}: {error.code} {error.read().decode(errors='replace')[:500]}") from None
    except urllib.error.URLError as error:
        raise Refused(f"{method} {url}: {error.reason}") from None
    return json.loads(said) if said else None


class NetBox:
    def __init__(self, base: str, token: str) -> None:
        self.api = f"{base.rstrip('/')}/api"
        # NetBox 4.5 knows tokens of a second form, which go with another word.
        self.headers = {"Authorization": f"{'Bearer' if token.startswith('nbt_') else 'Token'} {token}"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return ask(method, f"{self.api}/{path}", self.headers, body)

    def items(self, path: str, query: List[Any]) -> Iterator[Record]:
        """All pages of a list; `next` is a whole URL, whose host a proxy may have changed: only its query is used."""
        text = urllib.parse.urlencode([*query, ("limit", BATCH)])
        while True:
            page = self.ask("GET", f"{path}?{text}")
            yield from page["results"]
            if not page["next"]:
                return
            text = urllib.parse.urlsplit(page["next"]).query

    def prepare(self) -> None:
        """The tag and the custom field, each made once."""
        for path, wanted in (("extras/tags/", TAG), ("extras/custom-fields/", FIELD)):
            if not any(True for _ in self.items(path, [("name", wanted["name"])])):
                self.ask("POST", path, wanted)

    def own(self, kind: str) -> Iterator[Record]:
        return self.items(f"ipam/{kind}/", [("tag", TAG["slug"])])

    def foreign(self, kind: str, values: List[str]) -> List[str]:
        """The values that are in NetBox already, and are not ours. Only addresses can be: names of templates end with our id."""
        found = set()
        for part in batches(values):
            for each in self.items(f"ipam/{kind}/", [(KINDS[kind], value) for value in part]):
                if not any(tag["slug"] == TAG["slug"] for tag in each["tags"]):
                    found.add(each[KINDS[kind]])
        return sorted(found)

    def write(self, method: str, kind: str, records: List[Record]) -> None:
        """In bulk: NetBox takes a list whole or not at all."""
        for part in batches(records):
            self.ask(method, f"ipam/{kind}/", part)


def batches(items: List[Any]) -> Iterator[List[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def wanted_from(base: str, key: Optional[str], query: str) -> Dict[str, List[Record]]:
    """What NetBox is to have, by kind. An end stays as the status `deprecated`; what a catalogue no longer names is not in it."""
    url = f"{base.rstrip('/')}/v1/snapshot/requirements,endpoints?shape=netbox&status=all{'&' + query if query else ''}"
    body = ask("GET", url, {"Authorization": f"Bearer {key}"} if key else {})
    return {kind: body[kind] for kind in KINDS}


def identity(kind: str, record: Record) -> str:
    """A requirement has a template for each protocol, so that its id alone does not tell them apart."""
    own = record["custom_fields"]["portolan_id"]
    return f"{own} {value_of(record['protocol'])}" if kind == "service-templates" else own


def value_of(field: Any) -> Any:
    return field["value"] if isinstance(field, dict) else field


def differing(wanted: Record, known: Record) -> Record:
    return {name: wanted[name] for name in FIELDS if name in wanted and wanted[name] != value_of(known.get(name))}


def sync(netbox: NetBox, wanted: Dict[str, List[Record]], is_dry: bool) -> Dict[str, int]:
    counts = {"create": 0, "update": 0, "remove": 0}
    for kind, field in KINDS.items():
        known = {identity(kind, each): each for each in netbox.own(kind)}
        source = {identity(kind, each): each for each in wanted[kind]}
        absent = [each for own, each in source.items() if own not in known]
        foreign = [] if kind == "service-templates" else netbox.foreign(kind, [each[field] for each in absent])
        for value in foreign:
            print(f"left    {value}: somebody else entered it")
        create = [{**each, "tags": [TAG]} for each in absent if each[field] not in foreign]
        update = [
            {"id": known[own]["id"], **changed}
            for own, each in source.items()
            if own in known and (changed := differing(each, known[own]))
        ]
        gone = [each for own, each in known.items() if own not in source]
        for word, records in (("create", create), ("update", update), ("remove", gone)):
            counts[word] += len(records)
            if is_dry:
                for each in records:
                    print(f"{word}  {kind} {each.get(field) or each['id']}")
        if not is_dry:
            # First what goes: a new record may have the name or the address of an old one.
            netbox.write("DELETE", kind, [{"id": each["id"]} for each in gone])
            netbox.write("POST", kind, create)
            netbox.write("PATCH", kind, update)
    return counts


def main(words: List[str]) -> None:
    unknown = [word for word in words if word not in ("--dry-run", "--remove-all")]
    if unknown or not os.environ.get("NETBOX_URL") or not os.environ.get("NETBOX_TOKEN"):
        print(__doc__, file=sys.stderr)
        raise SystemExit(2)
    is_dry = "--dry-run" in words
    netbox = NetBox(os.environ["NETBOX_URL"], os.environ["NETBOX_TOKEN"])
    if "--remove-all" in words:
        wanted: Dict[str, List[Record]] = {kind: [] for kind in KINDS}
    else:
        base = os.environ.get("PORTOLAN_URL", "http://127.0.0.1:8080")
        wanted = wanted_from(base, os.environ.get("PORTOLAN_KEY"), os.environ.get("PORTOLAN_QUERY", ""))
        if not any(wanted.values()):
            raise Refused("Portolan answered nothing at all: --remove-all removes what NetBox has of it")
    if not is_dry:
        netbox.prepare()
    print(json.dumps(sync(netbox, wanted, is_dry)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refused:
        raise SystemExit(str(refused)) from None
