#!/usr/bin/env python3
"""Browse a results database with Datasette.

    analysis/inspect.py results/gsm8k.sqlite [--port 8001] [--environment DIR]

Takes a snapshot of the database (a sweep may go on writing), or unpacks the packed one where there
is no other, adds views for reading, a search, titles, descriptions and the queries of
analysis/queries/ (see analysis/browse/), and serves it read-only on this machine alone. Datasette is
installed into a private environment on first use. It ends with this program, and this program with
the one that started it, however that ends; nothing is left behind.
"""

import argparse
import ctypes
import fcntl
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
# This folder has an inspect.py, and so has Python.
sys.path[0] = str(HERE / "browse")
sys.dont_write_bytecode = True

import pages  # noqa: E402
import snapshot  # noqa: E402

REQUIREMENT = "datasette>=0.65,<0.66"
ADDRESS = "127.0.0.1"
FIRST_PORT = 8001
MOST_PORTS = 50
PR_SET_PDEATHSIG = 1
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_with_parent(number: int) -> None:
    """Asks Linux for a signal when the process that started this one ends, also by SIGKILL."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def environment(folder: pathlib.Path) -> pathlib.Path:
    """The datasette program, installed into `folder` if it is not there."""
    program = folder / "bin" / "datasette"
    if program.exists():
        return program
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Another one may be installing it.
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            print(f"installing {REQUIREMENT} into {folder}", file=sys.stderr)
            venv.create(folder, with_pip=True, clear=True)
            done = subprocess.run(
                [folder / "bin" / "python", "-m", "pip", "install", "--quiet", REQUIREMENT]
            )
            if done.returncode:
                raise snapshot.Refused(f"{REQUIREMENT} can't be installed into {folder}")
    return program


def port(wanted: int | None) -> tuple[int, list[socket.socket]]:
    """The port that was asked for, else the first from 8001 on that is free; and what to keep open as long as it is ours.

    Between the choice and the server's own use of it another one must not choose the same: each holds a name that ends with it.
    """
    for number in [wanted] if wanted is not None else range(FIRST_PORT, FIRST_PORT + MOST_PORTS):
        claims = []
        try:
            if sys.platform == "linux":
                claims.append(socket.socket(socket.AF_UNIX))
                claims[0].bind(f"\0citer-inspect-{number}")
            with socket.socket() as probe:
                # As the server will: what a connection of the last one still holds is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((ADDRESS, number))
            return number, claims
        except OSError as error:
            reason = error.strerror
            for claim in claims:
                claim.close()
    if wanted is None:
        raise snapshot.Refused(
            f"ports {FIRST_PORT} to {FIRST_PORT + MOST_PORTS - 1} are in use; choose one with --port"
        )
    raise snapshot.Refused(f"port {wanted}: {reason}; choose another with --port")


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
    origin = snapshot.take(options.database, copy)
    described = folder / "metadata.json"
    described.write_text(
        json.dumps(pages.metadata(copy, options.database.stem)), encoding="utf-8"
    )
    number, claims = port(options.port)
    print(f"{origin} at http://{ADDRESS}:{number}/ (Ctrl-C ends it)", file=sys.stderr)
    settings = {
        "sql_time_limit_ms": 30000, "facet_time_limit_ms": 1500, "default_page_size": 50,
        "suggest_facets": "off", "truncate_cells_html": 300, "allow_download": "off",
    }
    server = subprocess.Popen(
        [
            program, "serve", "--immutable", copy, "--metadata", described,
            "--plugins-dir", HERE / "browse" / "plugins",
            "--static", f"citer:{HERE / 'browse' / 'static'}",
            "--host", ADDRESS, "--port", str(number),
            *(str(word) for setting in settings.items() for word in ("--setting", *setting)),
        ],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
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
        for claim in claims:
            claim.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", type=pathlib.Path)
    parser.add_argument(
        "--port", type=int, help=f"the default is {FIRST_PORT}, or the next one that is free"
    )
    parser.add_argument(
        "--environment",
        type=pathlib.Path,
        default=pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
        / "citer"
        / "datasette",
    )
    options = parser.parse_args()
    if options.port is not None and not 0 < options.port < 65536:
        parser.error(f"--port {options.port}: expected 1 to 65535")
    parent = os.getppid()
    for number in ENDS:
        signal.signal(number, end)
    # Whoever started this may have blocked them, as threads of some programs do.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    try:
        end_with_parent(signal.SIGTERM)
        if os.getppid() != parent:
            return 128 + signal.SIGTERM
        snapshot.check(options.database)
        program = environment(options.environment)
        with tempfile.TemporaryDirectory(prefix="citer-inspect-") as folder:
            guardian, pipe = guard(folder)
            try:
                return serve(program, options, pathlib.Path(folder))
            finally:
                os.close(pipe)
                os.waitpid(guardian, 0)
    except snapshot.Refused as refused:
        print(f"inspect: {refused}", file=sys.stderr)
        return 2
    except Ended as ended:
        # Ctrl-C is how one leaves.
        return 0 if ended.number == signal.SIGINT else 128 + ended.number


if __name__ == "__main__":
    sys.exit(main())
