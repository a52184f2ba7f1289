#!/usr/bin/env python3
"""Brings Portolan into ServiceNow: what products need, through an import set, and what is to be done, as a change request (Python 3.9).

    servicenow_load.py rows STATE [--dry-run]        what differs since the last run, into the staging table
    servicenow_load.py change ID FROM TO [--dry-run] a change request for what a catalogue asks for between two revisions, made once

PORTOLAN_URL is the service (default http://127.0.0.1:8080), PORTOLAN_KEY a key where reads need one. SERVICENOW_URL is the instance,
SERVICENOW_USER and SERVICENOW_PASSWORD, or SERVICENOW_TOKEN (OAuth), who writes; SERVICENOW_TABLE is the staging table (u_portolan_import).
STATE is a file that keeps how far the last run came.
"""
import base64
import hashlib
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, List, Tuple

# Values of operational_status: 1 operational, 2 non-operational, 6 retired.
STATUS = {"planned": "2", "active": "1", "retiring": "1", "retired": "6"}

# The most characters of a long text of a change request.
MOST = 4000


class Refused(Exception):
    pass


def ask(method: str, url: str, headers: Dict[str, str], body: Any = None) -> Tuple[int, Any]:
    """Status and answer, as JSON or as text. 410 is an answer; what else is not 2xx is refused."""
    sent = {"Accept": "application/json", "User-Agent": "portolan-servicenow-example", **headers}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        sent["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=data, headers=sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            said = answer.read().decode()
            return answer.status, json.loads(said) if "json" in answer.headers["Content-Type"] else said
    except urllib.error.HTTPError as error:
        if error.code == 410:
            return 410, None
        raise Refused(f"{method} {url}: {error.code} {error.read().decode(errors='replace')[:500]}") from None
    except urllib.error.URLError as error:
        raise Refused(f"{method} {url}: {error.reason}") from None


def portolan(path: str, **query: Any) -> Tuple[int, Any]:
    key = os.environ.get("PORTOLAN_KEY")
    text = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
    base = os.environ.get("PORTOLAN_URL", "http://127.0.0.1:8080").rstrip("/")
    return ask("GET", f"{base}{path}?{text}", {"Authorization": f"Bearer {key}"} if key else {})


def servicenow(method: str, path: str, body: Any = None) -> Any:
    token = os.environ.get("SERVICENOW_TOKEN")
    if token:
        authorization = f"Bearer {token}"
    else:
        pair = f"{os.environ['SERVICENOW_USER']}:{os.environ['SERVICENOW_PASSWORD']}"
        authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return ask(method, f"{os.environ['SERVICENOW_URL'].rstrip('/')}{path}", {"Authorization": authorization}, body)[1]


def round_of(cursor: Any) -> Tuple[List[Dict[str, Any]], str]:
    """All entries of one round of the delta, and the cursor of the next."""
    entries: List[Dict[str, Any]] = []
    page_cursor = cursor
    while True:
        status, page = portolan("/v1/delta", type="endpoint", limit=1000, cursor=page_cursor)
        if status == 410:
            raise Refused("the store of Portolan was replaced: remove the file of the state, and begin again")
        entries += page["items"]
        if page["page"]["cursor"]:
            return entries, page["page"]["cursor"]
        page_cursor = urllib.parse.parse_qs(urllib.parse.urlsplit(page["page"]["next"]).query)["cursor"][0]


def row_of(entry: Dict[str, Any]) -> Dict[str, str]:
    """A row of the staging table. The transform map coalesces on u_correlation_id: sent again, a row changes its record and makes none."""
    if entry["op"] == "delete":
        # An import set deletes nothing: what a catalogue no longer names is retired.
        replaced = ", ".join(entry["tombstone"].get("replacedBy", []))
        return {"u_correlation_id": entry["id"], "u_operational_status": STATUS["retired"], "u_replaced_by": replaced}
    data = entry["data"]
    return {
        "u_correlation_id": entry["id"],
        "u_name": data.get("value") or data["kind"],
        "u_kind": data["kind"],
        "u_catalogue": data["catalogue"]["id"],
        "u_requirement": data["requirement"]["key"],
        "u_operational_status": STATUS[data["status"]],
        "u_until": data.get("until", ""),
        "u_replaced_by": ", ".join(data.get("replacedBy", [])),
    }


def rows(state_file: str, is_dry: bool) -> None:
    table = os.environ.get("SERVICENOW_TABLE", "u_portolan_import")
    state: Dict[str, Any] = {"cursor": None, "sent": {}}
    if os.path.exists(state_file):
        with open(state_file, encoding="utf8") as file:
            state = json.load(file)
    entries, cursor = round_of(state["cursor"])
    # A run that broke off begins its round again: what it had sent is known by its digest, and is not sent twice.
    digests = {row["u_correlation_id"]: hashlib.sha256(json.dumps(row).encode()).hexdigest() for row in map(row_of, entries)}
    counts = {"inserted": 0, "updated": 0, "ignored": 0}
    for row in map(row_of, entries):
        key = row["u_correlation_id"]
        if state["sent"].get(key) == digests[key]:
            continue
        if is_dry:
            print(json.dumps(row))
            continue
        for result in servicenow("POST", f"/api/now/import/{table}", row)["result"]:
            if result["status"] not in counts:
                raise Refused(f"ServiceNow did not take {key}: {result.get('error_message') or result['status']}")
            counts[result["status"]] += 1
        state["sent"][key] = digests[key]
        keep(state_file, state)
    if not is_dry:
        keep(state_file, {"cursor": cursor, "sent": {}})
        print(json.dumps(counts))


def keep(path: str, state: Dict[str, Any]) -> None:
    with open(f"{path}.new", "w", encoding="utf8") as file:
        json.dump(state, file)
    os.replace(f"{path}.new", path)


def change(catalogue: str, since: str, until: str, is_dry: bool) -> None:
    path = f"/v1/catalogues/{urllib.parse.quote(catalogue)}/change-pack"
    pack = portolan(path, **{"from": since, "to": until})[1]
    if not any(step["do"] != "verify" for step in pack["steps"]):
        print("nothing is to be done")
        return
    wanted = {
        "correlation_id": pack["id"],
        "correlation_display": "Portolan",
        "short_description": f"{catalogue}: {pack['summary']}"[:160],
        "description": portolan(path, **{"from": since, "to": until, "format": "markdown"})[1][:MOST],
        "justification": pack.get("reason", "")[:MOST],
        "backout_plan": "\n".join(f"Step {step['n']}: {step['backout']}" for step in pack["steps"] if "backout" in step)[:MOST],
        "test_plan": "\n".join(check for step in pack["steps"] for check in step.get("check", []))[:MOST],
    }
    if "deadline" in pack:
        # ServiceNow has its own form of an instant, in UTC.
        wanted["requested_by_date"] = pack["deadline"][:19].replace("T", " ")
    if is_dry:
        print(json.dumps(wanted, indent=2, ensure_ascii=False))
        return
    fields = "sys_id,number," + ",".join(wanted)
    query = urllib.parse.urlencode({"sysparm_query": f"correlation_id={pack['id']}", "sysparm_fields": fields, "sysparm_limit": 1})
    found = servicenow("GET", f"/api/now/table/change_request?{query}")["result"]
    if not found:
        print(f"{servicenow('POST', '/api/now/table/change_request', wanted)['result']['number']} created")
        return
    differing = {name: value for name, value in wanted.items() if found[0].get(name) != value}
    if differing:
        servicenow("PATCH", f"/api/now/table/change_request/{found[0]['sys_id']}", differing)
    print(f"{found[0]['number']} {'updated' if differing else 'is there already'}")


def main(words: List[str]) -> None:
    is_dry = "--dry-run" in words
    words = [word for word in words if word != "--dry-run"]
    credentials = ["SERVICENOW_TOKEN"] if "SERVICENOW_TOKEN" in os.environ else ["SERVICENOW_USER", "SERVICENOW_PASSWORD"]
    absent = [name for name in ("SERVICENOW_URL", *credentials) if not os.environ.get(name)]
    if absent and not is_dry:
        raise Refused(f"{', '.join(absent)} is not set")
    if len(words) == 2 and words[0] == "rows":
        rows(words[1], is_dry)
    elif len(words) == 4 and words[0] == "change":
        change(words[1], words[2], words[3], is_dry)
    else:
        print(__doc__, file=sys.stderr)
        raise SystemExit(2)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refused:
        raise SystemExit(str(refused)) from None
