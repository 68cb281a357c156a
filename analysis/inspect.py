#!/usr/bin/env python3
"""Browse a results database with Datasette.

    analysis/inspect.py results/gsm8k.sqlite [--port 8001] [--environment DIR]

Takes a snapshot of the database (a sweep may go on writing), adds titles, descriptions and the
queries of analysis/queries/, and serves it read-only on this machine alone. Datasette is installed
into a private environment on first use.
"""

import argparse
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENT = "datasette>=0.65,<0.66"


def environment(folder: pathlib.Path) -> pathlib.Path:
    """The datasette program, installed into `folder` if it is not there."""
    program = folder / "bin" / "datasette"
    if not program.exists():
        print(f"installing {REQUIREMENT} into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", REQUIREMENT],
            check=True,
        )
    return program


def snapshot(source: pathlib.Path, target: pathlib.Path) -> None:
    """A consistent copy, also of a database that is being written."""
    if not source.exists():
        sys.exit(f"{source}: no such database; run the sweep that writes it")
    reader = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    with reader, copy:
        reader.backup(copy)
    # Datasette counts on the file not to change, and a log beside it would mean that it may.
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.close()
    reader.close()


def queries() -> dict:
    """Each file of queries/: the first comment line is its title, the others its description."""
    found = {}
    for path in sorted((HERE / "queries").glob("*.sql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        comment = [line[2:].strip() for line in lines if line.startswith("--")]
        sql = "\n".join(line for line in lines if not line.startswith("--")).rstrip().rstrip(";")
        found[path.stem] = {
            "title": comment[0],
            "description": " ".join(comment[1:]),
            "sql": sql,
        }
    return found


def metadata(title: str) -> dict:
    described = json.loads((HERE / "datasette.json").read_text(encoding="utf-8"))
    described["title"] = f"{described['title']}: {title}"
    described["databases"]["results"]["queries"] = queries()
    return described


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", type=pathlib.Path)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument(
        "--environment",
        type=pathlib.Path,
        default=pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
        / "citer"
        / "datasette",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "results.db"
        snapshot(options.database, copy)
        described = pathlib.Path(folder) / "metadata.json"
        described.write_text(json.dumps(metadata(options.database.stem)), encoding="utf-8")
        try:
            subprocess.run(
                [
                    environment(options.environment), "serve", "--immutable", copy,
                    "--metadata", described, "--host", "127.0.0.1", "--port", str(options.port),
                    "--setting", "sql_time_limit_ms", "30000",
                    "--setting", "default_page_size", "50",
                ],
                check=True,
            )
        except KeyboardInterrupt:
            pass
        except subprocess.CalledProcessError as error:
            sys.exit(error.returncode)


if __name__ == "__main__":
    main()
