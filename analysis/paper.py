#!/usr/bin/env python3
"""Write results/README.md: the question of every experiment that has run, and the answer computed from its database.

    analysis/paper.py CITER [results]

CITER is the program. For each results/NAME.sqlite of a spec experiments/NAME.yaml it asks `citer report` for the verdict, and
links the experiment's page. What was said of a database that is not here is kept in results/answers.json, and stands until its
experiment runs here again.
"""

import csv
import hashlib
import html
import json
import pathlib
import subprocess
import sys
import tempfile

NOT_SPECS = {"models", "datasets"}

# The paper's benchmarks and the experiments that ran methods on them, the first with a method counts; its own names for the methods.
BENCHMARKS = {
    "GSM8K": ["baselines"],
    "MATH": ["math"],
    "CommonsenseQA": ["commonsense-qa"],
    "ARC-Challenge": ["arc-challenge"],
    "MMLU psychology": ["mmlu-professional-psychology"],
}
METHODS = {
    "citer": "CITER",
    "no-long-term": "CITER-S",
    "co-llm": "Co-LLM",
    "query": "query-level",
    "r2r": "R2R-like",
    "entropy": "entropy",
    "margin": "margin",
    "random": "random",
}
AGAINST = {
    "co-llm": "CITER's calls saved against Co-LLM, %",
    "query": "CITER's calls saved against query-level, %",
}


def sha256(path: pathlib.Path) -> str:
    """The file's digest, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def report(citer: str, name: str, database: pathlib.Path) -> dict | None:
    """The experiment's report as `citer report --format json` prints it; None, with what it complained of, where it cannot be made."""
    with tempfile.TemporaryDirectory() as folder:
        command = [citer, "report", name, "--db", str(database), "--format", "json", "--output", folder]
        # Accuracies from many questions, latencies from those that ran one by one.
        latency = database.parent / "acceleration.sqlite"
        if name == "baselines" and latency.exists():
            command += ["--latency", str(latency)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr.strip(), file=sys.stderr)
        return None
    return json.loads(done.stdout)


def cell(text: str) -> str:
    """Text for a cell of a Markdown table: on one line, no markup, and nothing that steers a terminal."""
    line = " ".join(text.split("\n"))
    shown = "".join(sign if sign.isprintable() else f"<U+{ord(sign):X}>" for sign in line)
    return html.escape(shown, quote=False).replace("|", "\\|")


def table(folder: pathlib.Path, spec: str, name: str) -> list[dict]:
    """The rows of an experiment's table NAME.csv; none if it was not made."""
    path = folder / spec / "tables" / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def estimate(row: dict, key: str, decimals: int) -> str:
    """A figure with its interval, as the report's tables show it; a dash where there is none."""
    if not row.get(key):
        return "–"
    numbers = [float(row[name]) for name in (key, f"{key}_low", f"{key}_high")]
    return "{0:.{3}f} [{1:.{3}f}, {2:.{3}f}]".format(*numbers, decimals)


def questions(folder: pathlib.Path, spec: str) -> int:
    """The most questions that a report's setting has."""
    return max((int(row["n"]) for row in table(folder, spec, "cells")), default=0)


def column(folder: pathlib.Path, specs: list[str], n: int) -> dict[str, str]:
    """One benchmark's column of the summary, from the reports' tables over the same n questions."""
    found: dict[str, str] = {}
    for spec in (spec for spec in specs if questions(folder, spec) == n):
        for row in table(folder, spec, "methods"):
            if row["policy"] in METHODS:
                found.setdefault(METHODS[row["policy"]], estimate(row, "apgr", 2))
        for row in table(folder, spec, "pairs"):
            if row["policy"] == "citer" and row["currency"] == "calls" and row["against"] in AGAINST:
                found.setdefault(AGAINST[row["against"]], estimate(row, "iso_accuracy_saving", 1))
    return found


def summary(folder: pathlib.Path) -> str:
    """CITER and its rivals over the paper's benchmarks: areas under the curve, and what CITER saves at equal accuracy."""
    columns = {}
    for name, specs in BENCHMARKS.items():
        if n := questions(folder, specs[0]):
            columns[f"{name} (n = {n})"] = column(folder, specs, n)
    if not columns:
        return ""
    lines = ["| Method | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for title in (*METHODS.values(), *AGAINST.values()):
        lines.append(f"| {title} | " + " | ".join(one.get(title, "–") for one in columns.values()) + " |")
    return (
        "## The paper's benchmarks\n\n"
        "APGR over calls, and what CITER saves at equal accuracy, with paired 95 % intervals over questions. The paper claims 27 to 32 % "
        "of the cost saved against token-level and query-level routing. A dash: the large model is not significantly better than the small one on "
        "these questions, so there is no gap to recover; or no accuracy was reached by both. Routers learned from GSM8K's training "
        "questions alone.\n\n" + "\n".join(lines)
    )


def verdict(entry: dict) -> tuple[str, str]:
    """In a word whether it pays, and the number that decides: of seconds at batch 1 where those were measured, else of bytes."""
    found = entry.get("verdicts")
    if not found:
        return "old", ""
    alone = [one for one in found if "seconds alone" in one["sentence"]]
    chosen = (alone or found)[0]
    return chosen["decision"], chosen["sentence"]


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    citer = sys.argv[1]
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else "results")
    kept_path = folder / "answers.json"
    kept = json.loads(kept_path.read_text()) if kept_path.exists() else {}
    specs = sorted(path.stem for path in pathlib.Path("experiments").glob("*.yaml"))
    rows, databases, missing = [], [], []
    for name in (spec for spec in specs if spec not in NOT_SPECS):
        database = folder / f"{name}.sqlite"
        if database.exists():
            found = report(citer, name, database)
            # A database that holds too little for an answer or a verdict does not take back what an earlier one said.
            if found and (found["answer"] or found["verdicts"]):
                kept[name] = {
                    "question": found["question"] or "",
                    "answer": found["answer"] or "",
                    "verdicts": found["verdicts"],
                    "sha256": sha256(database),
                    "footer": " ".join(found["footer"]),
                }
        if name not in kept:
            missing.append(name)
            continue
        entry = kept[name]
        link = f"[{name}]({name}/README.md)" if (folder / name / "README.md").exists() else name
        decision, number = verdict(entry)
        rows.append(
            f"| {link} | {cell(entry['question'])} | {questions(folder, name)} | {decision} | {cell(number)} |")
        databases.append(f"- {name}.sqlite: {entry['sha256']}. {entry['footer']}")
    kept = {name: kept[name] for name in sorted(kept) if name in specs}
    kept_path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    text = [
        "# Results",
        "Made by `make paper`. Does it pay: whether a setting is as accurate as the large model alone, within 2 points (one-sided 95 %, paired "
        "bootstrap over n questions, for the number of settings it was chosen from), and costs less. *Old*: made by decoder 1 and graders 1, before "
        "the changes of [CHANGELOG.md](../CHANGELOG.md), and too small to decide; the page stands until the experiment is run again.",
        "| Experiment | Question | n | Does it pay | The number that decides |\n|---|---|---:|---|---|\n" + "\n".join(rows),
    ]
    text.append(summary(folder))
    if missing:
        text.append("Not run here yet: " + ", ".join(missing) + ".")
    text.append("## Databases\n\nSHA-256 of each database as it was read, and what wrote it.\n\n" + "\n".join(databases))
    (folder / "README.md").write_text("\n\n".join(part for part in text if part) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
