"""Figures of the exports that have no expected ones, computed without the product.

Standard library only. Run as `python3 figures.py DATA_FOLDER`; writes
`<project>/expected.json` beside this file, for each function below that is named
like a project. Figures only: no row of the data is written.
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


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def spans(pairs, seconds):
    lengths = [(end - start).total_seconds() / seconds for start, end in pairs]
    return sum(lengths) / len(lengths)


def devlake(data):
    tools = data / "delivery/devlake"
    raw = lambda path: [json.loads(row["data"]) for row in rows(tools / path)]
    at = datetime.datetime.fromisoformat
    figures = {"incidents": {}}
    for tool in ("pagerduty", "opsgenie"):
        found = raw(f"{tool}/e2e/raw_tables/_raw_{tool}_incidents.csv")
        own = rows(tools / f"{tool}/e2e/snapshot_tables/issues.csv")
        over = [(at(row["created_date"]), at(row["resolution_date"])) for row in own if row["resolution_date"]]
        figures["incidents"][tool] = {"n": len(found), "resolved": len(over), "minutes": spans(over, 60)}
    own = rows(tools / "gitlab/e2e/snapshot_tables/cicd_pipelines.csv")
    figures["gitlab_pipelines"] = {
        "n": len(own),
        "failed": sum(row["result"] == "FAILURE" for row in own),
        "minutes": spans([(at(row["started_date"]), at(row["finished_date"])) for row in own], 60),
    }
    meaning = {"success": "success", "failed": "failure", "canceled": "cancelled"}
    listed = raw("gitlab/e2e/raw_tables/_raw_gitlab_api_pipeline.csv")
    listed = [(meaning.get(it["status"], "running"), it) for it in listed if it["status"] != "skipped"]
    figures["gitlab_pipeline_list"] = {
        word: {
            "n": sum(result == word for result, _ in listed),
            "ended": sum(result == word != "running" and it["updated_at"] is not None for result, it in listed),
        }
        for word in {result for result, _ in listed}
    }
    meaning = {"SUCCESS": "success", "FAILURE": "failure", "UNSTABLE": "failure", "ABORTED": "cancelled"}
    builds = raw("jenkins/e2e/raw_tables/_raw_jenkins_api_builds.csv")
    results = ["running" if it.get("building") else meaning.get(it["result"]) for it in builds]
    figures["jenkins_builds"] = collections.Counter(result for result in results if result)
    issues = raw("gitlab/e2e/raw_tables/_raw_gitlab_api_issues.csv")
    over = [(at(it["created_at"]), at(it["closed_at"])) for it in issues if it["closed_at"]]
    figures["gitlab_issues"] = {"n": len(issues), "closed": len(over), "days": spans(over, 86400)}
    write("devlake", figures)


def kubernetes(data):
    day = datetime.date.fromisoformat
    minors = rows(data / "planning/minor_releases.csv")
    patches = rows(data / "planning/patch_releases.csv")
    days = collections.defaultdict(list)
    for row in patches:
        if row["cherryPickDeadline"]:
            days[row["minor"]].append((day(row["targetDate"]) - day(row["cherryPickDeadline"])).days)
    target = {row["release"]: day(row["targetDate"]) for row in patches}
    write("kubernetes", {
        "releases": len(minors) + len(patches),
        "planned": sum(row["kind"] == "next" for row in patches),
        "patches_without_deadline": sum(not row["cherryPickDeadline"] for row in patches),
        "noted": sum(bool(row["note"]) for row in patches),
        "ends_in_zero": sum(row["release"].endswith("0") for row in minors + patches),
        "freeze_days": {
            minor: {"n": len(all_), "min": min(all_), "mean": statistics.mean(all_), "max": max(all_)}
            for minor, all_ in days.items()
        },
        "days_apart": {
            row["release"]: (day(row["releaseDate"]) - target[row["release"] + ".0"]).days for row in minors
        },
    })


def sprints(data):
    folder = data / "planning/sprints"
    figures = {"sprints": {}, "issues": {}}
    edges = set()
    for name in ("apache", "jboss"):
        lines = (folder / f"{name}_iteration_0.csv").read_text().splitlines()
        fields = [line.split(",") for line in lines]
        known = {(cells[0], cells[1]) for cells in fields[1:]}
        issues = rows(folder / f"{name}_issue_0.csv")
        filled = {(row["boardid"], row["sprintid"]) for row in issues}
        figures["sprints"][name] = {
            "n": len(known),
            "with_comma": sum(len(cells) > len(fields[0]) for cells in fields[1:]),
            "with_issues": len(known & filled),
        }
        scale = {"Optional": 0, "Trivial": 1, "Minor": 2, "Major": 3, "Critical": 4, "Blocker": 5}
        for kind in {row["type"] for row in issues}:
            own = [row for row in issues if row["type"] == kind]
            figures["issues"][f"{name}|{kind}"] = {
                "n": len(own),
                "priority": statistics.mean(scale[row["priority"]] for row in own),
                "without_sprint": sum((row["boardid"], row["sprintid"]) not in known for row in own),
            }
        for row in rows(folder / f"{name}_issuelink_0.csv"):
            if row["name"] in ("is blocked by", "depends upon", "requires"):
                edges.add((row["issuekey"], row["linkedIssueKey"]))
            if row["name"] in ("blocks", "is depended upon by", "is required by"):
                edges.add((row["linkedIssueKey"], row["issuekey"]))
    after = collections.defaultdict(set)
    for start, end in edges:
        after[start].add(end)
    figures["dependencies"] = {
        "n": len(edges),
        "items": len(after),
        "mutual": sum((end, start) in edges for start, end in edges),
        "in_rings_of_three": sum(any(a in after[c] for c in after.get(b, ())) for a, b in edges),
    }
    write("sprints", figures)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for project in (jira, github_actions, devlake, kubernetes, sprints):
        project(folder)
