#!/usr/bin/env python3
"""How often a text's last tokens stood in it before, and how often what followed there comes next: what copied drafts can be worth.

    analysis/copies.py results/acceleration-choice.sqlite [--longest 8]

Of the answers of the large model alone; prompts are not in the database.
"""

import argparse
import sqlite3


def following(text: list[int], end: int, least: int, longest: int) -> int | None:
    """What followed the longest suffix of text[:end] of `least` tokens or more, where it stood last before."""
    for length in range(min(longest, end), least - 1, -1):
        suffix = text[end - length : end]
        for begin in range(end - length - 1, -1, -1):
            if text[begin : begin + length] == suffix:
                return text[begin + length]
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--longest", type=int, default=8)
    options = parser.parse_args()
    rows = sqlite3.connect(f"file:{options.database}?mode=ro", uri=True).execute(
        "SELECT sample, token_id FROM decision JOIN sample ON sample.id = decision.sample "
        "JOIN cell ON cell.id = sample.cell WHERE policy = 'llm' ORDER BY sample, decision.position"
    )
    texts: dict[int, list[int]] = {}
    for sample, token in rows:
        texts.setdefault(sample, []).append(token)
    print(f"{len(texts)} answers\nleast suffix  stood before %  next %")
    for least in range(1, options.longest + 1):
        places = found = right = 0
        for text in texts.values():
            for end in range(1, len(text)):
                places += 1
                token = following(text, end, least, options.longest)
                if token is not None:
                    found += 1
                    right += token == text[end]
        print(f"{least:12}  {100 * found / max(places, 1):14.1f}  {100 * right / max(found, 1):6.1f}")


main()
