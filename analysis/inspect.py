#!/usr/bin/env python3
"""Browse a results database with Datasette.

    analysis/inspect.py results/gsm8k.sqlite [--port 8001] [--environment DIR]

Takes a snapshot of the database (a sweep may go on writing), adds titles, descriptions and the
queries of analysis/queries/, and serves it read-only on this machine alone. Datasette is installed
into a private environment on first use. It ends with this program, and this program with the one
that started it, however that ends; nothing is left behind.
"""

import argparse
import ctypes
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENT = "datasette>=0.65,<0.66"
PR_SET_PDEATHSIG = 1
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_with_parent(number: int) -> None:
    """Asks Linux for a signal when the process that started this one ends, also by SIGKILL."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


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
    """A consistent copy, also of a database that is being written; of a packed one where there is no other."""
    packed = source.with_suffix("") / "answers.sqlite.zst"
    if not source.exists() and packed.exists():
        if subprocess.run(["zstd", "-q", "-d", "--long=27", "-o", target, packed]).returncode:
            sys.exit(f"{packed}: cannot be unpacked")
        return
    reader = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        with reader, copy:
            reader.backup(copy)
        # Datasette counts on the file not to change, and a log beside it would mean that it may.
        copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        sys.exit(f"{source}: {error}")
    finally:
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


def guard(folder: str) -> tuple[int, int]:
    """A process that removes `folder` when this one has ended, be it by SIGKILL.

    It waits for the end of a pipe that this one holds open; returns its number and the pipe.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process != 0:
        os.close(reading)
        return process, writing
    try:
        os.setsid()
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        os.close(writing)
        os.read(reading, 1)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os._exit(0)


class Ended(Exception):
    """A signal asked for the end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def end(number: int, _frame: object) -> None:
    # A second one must not interrupt the clearing away.
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise Ended(number)


def serve(program: pathlib.Path, options: argparse.Namespace, folder: pathlib.Path) -> int:
    copy = folder / "results.db"
    snapshot(options.database, copy)
    described = folder / "metadata.json"
    described.write_text(json.dumps(metadata(options.database.stem)), encoding="utf-8")
    server = subprocess.Popen(
        [
            program, "serve", "--immutable", copy,
            "--metadata", described, "--host", "127.0.0.1", "--port", str(options.port),
            "--setting", "sql_time_limit_ms", "30000",
            "--setting", "default_page_size", "50",
        ],
        stdin=subprocess.DEVNULL,
        # Of its own group: Ctrl-C reaches it through this program, which waits for it.
        start_new_session=True,
        # SIGKILL leaves this program no time to end it.
        preexec_fn=lambda: end_with_parent(signal.SIGKILL),
    )
    try:
        return server.wait()
    finally:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def main() -> int:
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
    if not options.database.exists():
        sys.exit(f"{options.database}: no such database; run the sweep that writes it")
    parent = os.getppid()
    for number in ENDS:
        signal.signal(number, end)
    # Whoever started this may have blocked them, as threads of some programs do.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    try:
        end_with_parent(signal.SIGTERM)
        if os.getppid() != parent:
            return 128 + signal.SIGTERM
        program = environment(options.environment)
        with tempfile.TemporaryDirectory(prefix="citer-inspect-") as folder:
            guardian, pipe = guard(folder)
            try:
                return serve(program, options, pathlib.Path(folder))
            finally:
                os.close(pipe)
                os.waitpid(guardian, 0)
    except Ended as ended:
        # Ctrl-C is how one leaves.
        return 0 if ended.number == signal.SIGINT else 128 + ended.number


if __name__ == "__main__":
    sys.exit(main())
