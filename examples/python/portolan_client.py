#!/usr/bin/env python3
"""A client of Portolan with the standard library alone (Python 3.9 or newer).

    portolan_client.py list                      the catalogues, page by page
    portolan_client.py export ID FORMAT SLICE    an export; 304 answers cost nothing, since the last one is kept
    portolan_client.py delta FILE                one round into a copy, proven by its digest
    portolan_client.py audit ID < destinations   what a firewall permits against what the catalogue asks for

PORTOLAN_URL is the service (default http://127.0.0.1:8080), PORTOLAN_KEY a key where reads need one.
"""
import hashlib
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, Iterator, Optional, Tuple


class Portolan:
    def __init__(self, base: str, key: Optional[str] = None) -> None:
        self.base = base.rstrip("/")
        self.key = key

    def ask(self, url: str, headers: Optional[Dict[str, str]] = None, body: Any = None) -> Tuple[int, Any, bytes]:
        """Status, header fields and bytes. 304 is an answer; what else is not 2xx raises, with the words of the problem."""
        if not url.startswith(self.base + "/"):
            raise ValueError(f"{url} is not below {self.base}: the key does not go there")
        all_headers = {"User-Agent": "portolan-python-example", **(headers or {})}
        if self.key:
            all_headers["Authorization"] = f"Bearer {self.key}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            all_headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data=data, headers=all_headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            said = error.read()
            if error.code == 304:
                return 304, error.headers, b""
            try:
                detail = json.loads(said)["detail"]
            except (ValueError, KeyError):
                detail = error.reason
            raise SystemExit(f"{error.code}: {detail}") from None

    def url(self, path: str, **query: Any) -> str:
        text = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
        return f"{self.base}{path}" + (f"?{text}" if text else "")

    def items(self, path: str, **query: Any) -> Iterator[Dict[str, Any]]:
        """The items of a list, of all pages; each page names the next one, so that all of them show one state."""
        url: Optional[str] = self.url(path, limit=1000, **query)
        while url:
            page = json.loads(self.ask(url)[2])
            yield from page["items"]
            url = page["page"]["next"]

    def export(self, catalogue: str, form: str, slice_: str, kept: str) -> bytes:
        """An export, kept in a file with its ETag beside it: asked for again, it is sent only where it is another one."""
        url = self.url(f"/v1/catalogues/{urllib.parse.quote(catalogue)}/exports/{form}", slice=slice_)
        tag = f"{kept}.etag"
        headers = {}
        if os.path.exists(kept) and os.path.exists(tag):
            with open(tag, encoding="utf8") as file:
                headers["If-None-Match"] = file.read()
        status, answered, data = self.ask(url, headers)
        if status == 304:
            with open(kept, "rb") as file:
                return file.read()
        replace(kept, data)
        replace(tag, answered["ETag"].encode())
        return data

    def delta(self, copy: Dict[str, Any]) -> Dict[str, Any]:
        """The copy after one round, as a new one. Raises where the digest is not that of the service: begin again with an empty copy."""
        objects = dict(copy.get("objects", {}))
        url: Optional[str] = self.url("/v1/delta", limit=1000, cursor=copy.get("cursor"))
        while url:
            page = json.loads(self.ask(url)[2])
            for entry in page["items"]:
                if entry["op"] == "delete":
                    objects.pop(entry["id"], None)
                else:
                    objects[entry["id"]] = {"type": entry["type"], "data": entry["data"]}
            url = page["page"]["next"]
        if (len(objects), digest(objects)) != (page["count"], page["digest"]):
            raise SystemExit("the copy is not that of the service: remove it and begin again")
        return {"cursor": page["page"]["cursor"], "objects": objects}

    def audit(self, catalogue: str, entries: Any) -> Dict[str, Any]:
        path = f"/v1/catalogues/{urllib.parse.quote(catalogue)}/audit"
        return json.loads(self.ask(self.url(path), body={"entries": list(entries)})[2])

    def events(self, after: int, wait: int = 30) -> Any:
        """The events after a seq; where there is none, the answer waits for one, for `wait` seconds at most."""
        return json.loads(self.ask(self.url("/v1/events", after=after), {"Prefer": f"wait={wait}"})[2])["items"]


def digest(objects: Dict[str, Any]) -> str:
    """SHA-256 over the lines `type SP id SP sha256(data) LF`, sorted; data in the canonical form of RFC 8785."""
    lines = []
    for key, each in objects.items():
        canonical = json.dumps(each["data"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        lines.append(f"{each['type']} {key} {hashlib.sha256(canonical).hexdigest()}\n")
    return "sha256:" + hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def replace(path: str, data: bytes) -> None:
    """Writes a file as a whole: whoever reads it meanwhile has the old one."""
    with open(f"{path}.new", "wb") as file:
        file.write(data)
    os.replace(f"{path}.new", path)


def client() -> Portolan:
    return Portolan(os.environ.get("PORTOLAN_URL", "http://127.0.0.1:8080"), os.environ.get("PORTOLAN_KEY"))


def main(words: Any) -> None:
    portolan = client()
    if words[:1] == ["list"] and len(words) == 1:
        for each in portolan.items("/v1/catalogues"):
            print(f"{each['id']}  revision {each['revision']['number']} ({each['revision']['label']})")
    elif words[:1] == ["export"] and len(words) == 4:
        kept = f"{words[1]}.{words[2]}.{words[3]}"
        sys.stdout.buffer.write(portolan.export(words[1], words[2], words[3], kept))
    elif words[:1] == ["delta"] and len(words) == 2:
        copy = {}
        if os.path.exists(words[1]):
            with open(words[1], encoding="utf8") as file:
                copy = json.load(file)
        after = portolan.delta(copy)
        replace(words[1], json.dumps(after).encode())
        print(f"{len(after['objects'])} objects, proven by {digest(after['objects'])}")
    elif words[:1] == ["audit"] and len(words) == 2:
        answer = portolan.audit(words[1], [line.strip() for line in sys.stdin if line.strip()])
        groups = ("current", "retiring", "planned", "retired", "unknown", "missing")
        print(", ".join(f"{len(answer[group])} {group}" for group in groups))
        for group in ("retired", "unknown", "missing"):
            for each in answer[group]:
                print(f"{group}: {each['value']}")
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
