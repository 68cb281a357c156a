"""What Datasette says of the copy: titles, descriptions, queries by name, and an index of what there is."""

import html
import json
import pathlib
import sqlite3
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
QUERIES = HERE.parent / "queries"
DATABASE = "/results"
# Made to be read; the rest is as stored, or as scripts read it.
READING = ("overview", "answers", "routing")
# A longer list of names helps nobody to choose.
MOST_NAMES = 60


def metadata(copy: pathlib.Path, title: str) -> dict:
    described = json.loads((HERE / "metadata.json").read_text(encoding="utf-8"))
    described["title"] = f"{described['title']}: {title}"
    database = described["databases"]["results"]
    connection = sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        database["queries"] = queries(connection)
        contents = index(connection, database)
        described["description_html"] = f"<p>{escape(described.pop('description'))}</p>{contents}"
        database["description_html"] = contents
    finally:
        connection.close()
    return described


def escape(value: object) -> str:
    return html.escape(str(value))


def link(place: str, label: str, **parameters: str) -> str:
    query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
    return f'<a href="{escape(f"{DATABASE}/{place}{query}")}">{escape(label)}</a>'


# MARK: Queries


def queries(connection: sqlite3.Connection) -> dict:
    """Each file of queries/: the first comment line is its title, the others its description."""
    found = {}
    for path in sorted(QUERIES.glob("*.sql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        comment = [line[2:].strip() for line in lines if line.startswith("--")]
        sql = "\n".join(line for line in lines if not line.startswith("--")).rstrip().rstrip(";")
        description = " ".join(comment[1:])
        # Its last lines tell the parameters, by their names.
        summary = " ".join(line for line in comment[1:] if not line.startswith(":"))
        found[path.stem] = {
            "title": comment[0],
            "description": summary,
            "description_html": f"<p>{escape(description)}</p>" + names(connection, path.stem, sql),
            "sql": sql,
            "hide_sql": True,
        }
    return found


def names(connection: sqlite3.Connection, query: str, sql: str) -> str:
    """The names that its parameters may take, each leading to the query of just that."""
    if ":policy" not in sql:
        return ""
    cells = connection.execute(
        """
        SELECT DISTINCT coalesce(label, policy), setting FROM cell
        ORDER BY CASE policy WHEN 'slm' THEN 0 WHEN 'llm' THEN 1 ELSE 2 END, position, key
        """
    ).fetchall()
    settings: dict[str, list[str]] = {}
    for policy, setting in cells[:MOST_NAMES]:
        settings.setdefault(policy, [])
        if setting is not None:
            settings[policy].append(setting)
    items = []
    for policy, own in settings.items():
        chosen = ", ".join(link(query, setting, policy=policy, setting=setting) for setting in own)
        items.append(f"<li>{link(query, policy, policy=policy)}{': ' if own else ''}{chosen}</li>")
    more = len(cells) - MOST_NAMES
    rest = f"<p>and {more} more: see {link('overview', 'overview')}</p>" if more > 0 else ""
    return (
        f"<details><summary>Policies and settings, by name</summary><ul>{''.join(items)}</ul>"
        f"{rest}</details>"
    )


# MARK: The index


def index(connection: sqlite3.Connection, database: dict) -> str:
    kinds = dict(
        connection.execute(
            "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    )
    tables = database["tables"]

    def item(name: str) -> str:
        entry = tables.get(name, {})
        count = ""
        if kinds[name] == "table":
            rows = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            count = f" ({rows:,} row{'' if rows == 1 else 's'})"
        return f"<li>{link(name, name)}{count}: {escape(entry.get('description', ''))}</li>"

    def shown(name: str) -> bool:
        return not (tables.get(name, {}).get("hidden") or name.startswith("answer_search"))

    views = [name for name in kinds if kinds[name] == "view" and name not in READING]
    stored = [name for name in kinds if kinds[name] == "table" and shown(name)]
    asked = "".join(
        f"<li>{link(name, query['title'])}: {escape(query['description'])}</li>"
        for name, query in database["queries"].items()
    )
    return (
        facts(connection)
        + f'<form action="{DATABASE}/answers" method="get"><p><label for="words">Search answers: </label>'
        '<input type="search" id="words" name="_search"> <input type="submit" value="Search"></p></form>'
        + f"<h3>To read</h3><ul>{''.join(item(name) for name in READING)}</ul>"
        + f"<h3>Questions to ask</h3><ul>{asked}</ul>"
        + f"<h3>As scripts read it</h3><ul>{''.join(item(name) for name in sorted(views))}</ul>"
        + f"<h3>As stored</h3><ul>{''.join(item(name) for name in sorted(stored))}</ul>"
    )


def facts(connection: sqlite3.Connection) -> str:
    """What was run on what, when."""

    def one(sql: str) -> tuple:
        return connection.execute(sql).fetchone()

    def joined(sql: str) -> str:
        return ", ".join(str(row[0]) for row in connection.execute(sql)) or "none"

    lines = [
        f"<b>{escape(name)}</b>{': ' if question else ''}{escape(question or '')}"
        for name, question in connection.execute("SELECT name, question FROM experiment ORDER BY name")
    ]
    answers, failures = one("SELECT count(*) FILTER (WHERE error IS NULL), count(error) FROM sample")
    cells, policies = one("SELECT count(*), count(DISTINCT coalesce(label, policy)) FROM cell")
    failed = f" and {failures:,} failures" if failures else ""
    lines.append(f"{answers:,} answers{failed} of {cells:,} cells, {policies:,} policies")
    models = escape(joined("SELECT DISTINCT name FROM model ORDER BY name"))
    data = escape(joined("SELECT DISTINCT name || ' ' || split FROM dataset ORDER BY 1"))
    lines.append(f"Models: {models}. Data: {data}.")
    first, last, versions = one("SELECT min(started), max(started), count(*) FROM attempt")
    if versions:
        programs = joined(
            "SELECT DISTINCT program_version || ifnull(' at ' || substr(git_commit, 1, 12), '')"
            " FROM attempt ORDER BY 1"
        )
        when = f"started {first[:16]}" if versions == 1 else f"started {first[:16]} to {last[:16]}"
        runs = "1 run" if versions == 1 else f"{versions:,} runs"
        lines.append(escape(f"{runs}, {when} (UTC), of citer {programs}."))
    return f"<p>{'<br>'.join(lines)}</p>"
