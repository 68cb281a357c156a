"""The copy of a results database that is browsed: consistent, with views for reading and words to search."""

import os
import pathlib
import shutil
import sqlite3
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
# The first 16 bytes of every SQLite file.
MAGIC = b"SQLite format 3\0"


class Refused(Exception):
    """What was given can't be browsed; the message names it and says why."""


class Unfit(Exception):
    """It is a database, but not one that the views are made for."""


def packed(database: pathlib.Path) -> pathlib.Path:
    """Where a database of this name is kept beside the code."""
    return database.with_suffix("") / "answers.sqlite.zst"


def check(source: pathlib.Path) -> None:
    """Refuses what is not there, before anything is installed for it."""
    if source.is_dir():
        raise Refused(f"{source}: a folder, not a database")
    if not source.exists() and not packed(source).exists():
        raise Refused(
            f"{source}: no such database, nor {packed(source)}; run the sweep that writes it"
        )


def take(source: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """Copies the database, or unpacks it where only a packed one is there; returns which of them was read."""
    origin = source
    if source.exists():
        live(source, target)
    else:
        origin = packed(source)
        unpack(origin, target)
    try:
        furnish(target)
    except (sqlite3.DatabaseError, Unfit) as error:
        raise Refused(f"{origin}: {error}") from error
    return origin


def unpack(source: pathlib.Path, target: pathlib.Path) -> None:
    if shutil.which("zstd") is None:
        raise Refused(f"{source}: zstd is not installed; on Debian: apt-get install zstd")
    done = subprocess.run(
        ["zstd", "-q", "-d", "--long=27", "-f", "-o", target, source],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    if done.returncode:
        raise Refused(f"{source}: can't be unpacked: {done.stderr.strip()}")


def live(source: pathlib.Path, target: pathlib.Path) -> None:
    """A consistent copy, also of a database that is being written."""
    with open(source, "rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Refused(f"{source}: not an SQLite database")
    copy = sqlite3.connect(target)
    try:
        reader = opened(source)
        try:
            reader.backup(copy)
        finally:
            reader.close()
    except sqlite3.DatabaseError as error:
        raise Refused(f"{source}: {error}") from error
    finally:
        copy.close()


def opened(source: pathlib.Path) -> sqlite3.Connection:
    """A reader that leaves nothing beside the file.

    SQLite makes a log and its index beside a file that has none, and one that may only read can't take them away again. Where nothing
    is in the log we may as well write, and don't; where something is, it belongs to one who writes, or wrote.
    """
    address = source.resolve().as_uri()
    log = pathlib.Path(f"{source.resolve()}-wal")
    if log.exists() and log.stat().st_size > 0:
        return sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=30)
    if not (os.access(source, os.W_OK) and os.access(source.resolve().parent, os.W_OK)):
        return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    connection = sqlite3.connect(f"{address}?mode=rw", uri=True, timeout=30)
    connection.execute("PRAGMA query_only = ON")
    return connection


def furnish(copy: pathlib.Path) -> None:
    """Adds what is for reading only, and leaves a file that counts as never changing."""
    connection = sqlite3.connect(copy)
    try:
        # A lost copy costs nothing.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        if not {"cell", "sample", "decision", "curve"} <= tables:
            raise Unfit("not a results database")
        columns = {row[1] for row in connection.execute("PRAGMA table_info(cell)")}
        if "method" not in columns:
            raise Unfit("of an older schema; `citer db check FILE` brings it up to date")
        connection.executescript((HERE / "views.sql").read_text(encoding="utf-8"))
        connection.commit()
    finally:
        connection.close()
