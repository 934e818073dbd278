"""Figures of the Jira and GitHub Actions exports, computed without the product.

Standard library only. Run as `python3 figures.py DATA_FOLDER`; writes
`jira/expected.json` and `github_actions/expected.json` beside this file.
Figures only: no row of the data is written.
"""

import collections
import csv
import datetime
import json
import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).parent
STAGE = {"Open": 1, "Reopened": 1, "In Progress": 2, "Patch Available": 3, "Resolved": 4, "Closed": 4}
FIELDS = {
    "status": "status",
    "priority": "priority",
    "assignee": "owner",
    "timeoriginalestimate": "estimate_hours",
    "Fix Version": "release",
}


def instant(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def write(name, figures):
    text = json.dumps(figures, indent=1, sort_keys=True, ensure_ascii=False)
    (HERE / name / "expected.json").write_text(text + "\n")


def jira(data):
    lines = (data / "backlog/jira_issues.ndjson").read_text().splitlines()
    issues = [json.loads(line) for line in lines]
    events = set()
    moves = collections.defaultdict(list)
    releases, dependencies = set(), set()
    for issue in issues:
        key, fields = issue["key"], issue["fields"]
        project = fields["project"]["key"]
        releases |= {f"{project}/{version['name']}" for version in fields["fixVersions"]}
        for link in fields["issuelinks"]:
            if link["type"]["name"] != "Blocker":
                continue
            if "inwardIssue" in link:
                dependencies.add((key, link["inwardIssue"]["key"]))
            if "outwardIssue" in link:
                dependencies.add((link["outwardIssue"]["key"], key))
        for history in issue["changelog"]["histories"]:
            at = instant(history["created"])
            for item in history["items"]:
                if item["field"] not in FIELDS:
                    continue
                old, new = item["fromString"], item["toString"]
                events.add((key, at, FIELDS[item["field"]], old, new))
                if item["field"] == "status":
                    moves[key].append((at, old, new))
    cycle = collections.Counter()
    elapsed = []
    for issue in issues:
        steps = sorted(moves[issue["key"]])
        # Issues whose patch came before anybody set them in progress went past the
        # commitment stage: the move into review stands for it.
        entered = {stage: [at for at, _, new in steps if STAGE[new] == stage] for stage in (2, 3)}
        committed = next(iter(entered[2] or entered[3]), None)
        done = next((at for at, _, new in steps if STAGE[new] == 4), None)
        if not steps:
            cycle["without_status_events"] += 1
        elif done is None:
            cycle["not_delivered"] += 1
        elif committed is None:
            cycle["no_commitment"] += 1
        elif done < committed:
            cycle["negative_span"] += 1
        else:
            cycle["used"] += 1
            elapsed.append((done - committed).total_seconds() / 86400)
    back = [
        key
        for key, steps in moves.items()
        if any(STAGE[old] == 4 and STAGE[new] < 4 for _, old, new in steps)
    ]
    quartiles = statistics.quantiles(elapsed, n=20, method="inclusive")
    write("jira", {
        "items": len(issues),
        "items_per_status": collections.Counter(i["fields"]["status"]["name"] for i in issues),
        "items_with_estimate": sum(i["fields"]["timeoriginalestimate"] is not None for i in issues),
        "items_with_release": sum(bool(i["fields"]["fixVersions"]) for i in issues),
        "teams": len({i["fields"]["project"]["key"] for i in issues}),
        "events_per_field": collections.Counter(event[2] for event in events),
        "items_reopened_after_done": len(back),
        "releases": len(releases),
        "dependencies": len(dependencies),
        "dependencies_outside": sum(b not in {i["key"] for i in issues} for _, b in dependencies),
        "cycle": cycle,
        "elapsed_days": {
            "n": len(elapsed),
            "p50": statistics.median(elapsed),
            "p85": quartiles[16],
            "p95": quartiles[18],
        },
    })


def github_actions(data):
    counts = collections.defaultdict(collections.Counter)
    weeks = collections.defaultdict(collections.Counter)
    waiting = collections.Counter()
    for path in sorted((data / "delivery/github_actions").glob("*/build_durations.csv")):
        team = path.parent.name
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                result = row["conclusion"]
                if result == "action_required":
                    waiting[team] += 1
                    continue
                day = datetime.date.fromisoformat(row["created_at"][:10])
                week = day - datetime.timedelta(days=day.weekday())
                stage = {"Build": "build", "Build wheels": "build", "Documentation": "documentation"}
                counts[f"{team}|{row['workflow']}"][result] += 1
                weeks[f"{team}|{stage.get(row['workflow'], 'test')}|{week}"][result] += 1
    words = ("failure", "success", "cancelled")
    complete = lambda table: {key: {word: table[key][word] for word in words} for key in table}
    write("github_actions", {
        "runs": sum(sum(counter.values()) for counter in counts.values()),
        "waiting_for_approval": waiting,
        "by_pipeline": complete(counts),
        "by_week": complete(weeks),
    })


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    jira(folder)
    github_actions(folder)
