#!/usr/bin/env python3
"""Write results/README.md: the question of every experiment that has run, and the answer computed from its database.

    analysis/paper.py CITER [results]

CITER is the program. For each results/NAME.sqlite of a spec experiments/NAME.yaml it asks `citer report` for the answer, and
links the report. A paragraph of reading, written by hand in results/reading/NAME.md, is put under the table. Databases are large
and not committed, so what was said of one is kept in results/answers.json, and stands until its experiment runs here again.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

NOT_SPECS = {"models", "datasets"}


def sha256(path: pathlib.Path) -> str:
    """The file's digest, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def report(citer: str, name: str, database: pathlib.Path) -> dict:
    """The experiment's report as `citer report --format json` prints it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [citer, "report", name, "--db", str(database), "--format", "json", "--output", folder]
        printed = subprocess.run(command, check=True, capture_output=True).stdout
    return json.loads(printed)


def cell(text: str) -> str:
    """Text for a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    citer = sys.argv[1]
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else "results")
    kept_path = folder / "answers.json"
    kept = json.loads(kept_path.read_text()) if kept_path.exists() else {}
    specs = sorted(path.stem for path in pathlib.Path("experiments").glob("*.yaml"))
    rows, readings, databases, missing = [], [], [], []
    for name in (spec for spec in specs if spec not in NOT_SPECS):
        database = folder / f"{name}.sqlite"
        if database.exists():
            found = report(citer, name, database)
            kept[name] = {
                "question": found["question"] or "",
                "answer": found["answer"] or "Too little has run.",
                "sha256": sha256(database),
                "footer": " ".join(found["footer"]),
            }
        if name not in kept:
            missing.append(name)
            continue
        entry = kept[name]
        link = f"[{name}]({name}.md)" if (folder / f"{name}.md").exists() else name
        rows.append(f"| {link} | {cell(entry['question'])} | {cell(entry['answer'])} |")
        databases.append(f"- {name}.sqlite: {entry['sha256']}. {entry['footer']}")
        reading = folder / "reading" / f"{name}.md"
        if reading.exists():
            readings.append(f"## {name}\n\n{reading.read_text().strip()}")
    kept = {name: kept[name] for name in sorted(kept) if name in specs}
    kept_path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    text = [
        "# Results",
        "Made by `make paper`: each answer is computed from the experiment's database; intervals are 95 %, by paired bootstrap over "
        "questions. The readings below the table were written after looking.",
        "| Experiment | Question | Answer |\n|---|---|---|\n" + "\n".join(rows),
    ]
    if missing:
        text.append("Not run here yet: " + ", ".join(missing) + ".")
    text += readings
    text.append("## Databases\n\nSHA-256 of each database as it was read, and what wrote it.\n\n" + "\n".join(databases))
    (folder / "README.md").write_text("\n\n".join(text) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
