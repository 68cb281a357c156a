"""How Datasette shows cells of tables, views and queries: ids and questions lead on, spaces of tokens can be seen."""

import math
import urllib.parse

import markupsafe
from datasette import hookimpl

# Tokens: their spaces and line ends are what one looks for.
TEXTS = ("text", "slm_text", "llm_text")
VISIBLE = str.maketrans({" ": "\u00b7", "\n": "\u21b5", "\t": "\u21e5", "\r": "\u240d"})


@hookimpl
def prepare_connection(conn):
    # Not every SQLite is built with its mathematics.
    conn.create_function(
        "exp", 1, lambda x: None if x is None else math.exp(x), deterministic=True
    )


def link(datasette, database, table, label, **parameters):
    address = datasette.urls.table(database, table) + "?" + urllib.parse.urlencode(parameters)
    return markupsafe.Markup('<a href="{}">{}</a>').format(address, label)


@hookimpl
def render_cell(row, value, column, table, database, datasette):
    if value is None or database != "results":
        return None
    if column in TEXTS and isinstance(value, str):
        return markupsafe.Markup("<code>{}</code>").format(value.translate(VISIBLE))
    # A stored table's own ids and references are links already.
    if table not in (None, "overview", "answers", "routing", "curve", "token", "verification"):
        return None
    if column == "sample" and table != "routing":
        return link(
            datasette, database, "routing", f"tokens of {value}",
            sample=value, _sort="position", _nofacet=1, _size=500,
        )
    if column == "sample":
        return link(datasette, database, "answers", f"answer {value}", sample=value)
    if column == "question" and isinstance(value, str):
        return link(datasette, database, "answers", value, question=value)
    if column == "cell":
        return link(datasette, database, "answers", f"answers of {value}", cell=value)
    return None
