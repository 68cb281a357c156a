#!/usr/bin/env python3
"""Writes the part of ICU's data that the program needs, to be linked in place of all of it.

    packaging/icu_data.py lib_FoundationICU.a OUTPUT.s

Foundation carries ICU with the data of all languages, 34 MB, and the program speaks English alone: it prints and reads numbers and dates as
programs do, whatever the user's language. Kept are what is about no language (letters, normal forms, time zones) and English's numbers and
dates; left out are other languages, dictionaries, alphabetical orders, names of countries, and the converters of encodings other than Unicode's.
What asks ICU for one of these is answered as if for an unknown language.

The data are one table of named items (ICU, "ICU data file format": CmnD); the output is an assembler file that includes them, under the name
that ICU looks for.
"""

import pathlib
import re
import struct
import subprocess
import sys

# Names as of a language: de, zh_Hant, no_NO_NY. `res_index` lists the languages, and is none.
LANGUAGE = re.compile(r"^(?!res_index$)([a-z]{2,3})(_[A-Za-z0-9_]*)?$")
KEPT_LANGUAGES = {"en"}
LEFT_OUT_KINDS = {"cnv", "dict", "spp", "cfu"}
# Transliterations, numbers in words, orders of letters; names of languages, countries and units.
LEFT_OUT_FOLDERS = {"translit", "rbnf", "coll", "lang", "region", "unit"}
LEFT_OUT = {"unames.icu"}


def is_kept(item: str) -> bool:
    """Whether an item such as `icudt76l/coll/de.res` stays."""
    folders, file = item.split("/")[1:-1], item.split("/")[-1]
    stem, _, kind = file.rpartition(".")
    if kind in LEFT_OUT_KINDS or file in LEFT_OUT or LEFT_OUT_FOLDERS & set(folders):
        return False
    if kind == "brk":
        return not re.search("^line|_cj|_phrase|_el$|_fi", stem)
    language = LANGUAGE.match(stem) if kind == "res" else None
    return language is None or language[1] in KEPT_LANGUAGES


class Table:
    """The data of ICU in an object file."""

    def __init__(self, content: bytes, size: int) -> None:
        begin, length = self.find(content)
        self.header = content[begin : begin + length]
        data = content[begin + length : begin + size]
        (count,) = struct.unpack_from("<I", data)
        places = [struct.unpack_from("<II", data, 4 + 8 * i) for i in range(count)]
        names = [data[place : data.index(b"\0", place)] for place, _ in places]
        ends = [offset for _, offset in places[1:]] + [None]
        self.items = [(name.decode(), data[offset:end]) for name, (_, offset), end in zip(names, places, ends)]

    @staticmethod
    def find(content: bytes) -> tuple[int, int]:
        """Where the header begins, and its length. A header: its length, the signs da 27, its information's length, then at 12 the format."""
        found = [at - 12 for at in range(12, 4096) if content[at : at + 4] == b"CmnD" and content[at - 10 : at - 8] == b"\xda\x27"]
        if len(found) != 1:
            sys.exit(f"icu_data.py: expected one table of ICU's data in the archive, found {len(found)}")
        (at,) = found
        (length,) = struct.unpack_from("<H", content, at)
        if content[at + 8] != 0 or content[at + 16] != 1:
            sys.exit("icu_data.py: expected ICU's data in little-endian order, format version 1")
        return at, length

    def bytes(self) -> bytes:
        """As a file: header, number of items, places of names and of items, names, items at multiples of 16."""
        names = b"".join(name.encode() + b"\0" for name, _ in self.items)
        start = 4 + 8 * len(self.items)
        places, content = b"", b""
        first = -(-(start + len(names)) // 16) * 16
        at = start
        for name, item in self.items:
            places += struct.pack("<II", at, first + len(content))
            at += len(name.encode()) + 1
            content += item + b"\0" * (-len(item) % 16)
        table = struct.pack("<I", len(self.items)) + places + names
        return self.header + table.ljust(first, b"\0") + content


def main(archive: str, output: str) -> None:
    member = "icu_packaged_data.cpp.o"
    content = subprocess.run(["ar", "p", archive, member], check=True, capture_output=True).stdout
    symbols = subprocess.run(["nm", "-S", "--defined-only", archive], check=True, capture_output=True, text=True).stdout
    found = set(re.findall(r"^[0-9a-f]+ ([0-9a-f]+) R (icudt\d+_dat)$", symbols, re.MULTILINE))
    if len(found) != 1:
        sys.exit(f"icu_data.py: expected one symbol icudt*_dat in {archive}, found {sorted(found)}")
    ((size, symbol),) = found
    table = Table(content, int(size, 16))
    before = len(table.items)
    table.items = [(name, item) for name, item in table.items if is_kept(name)]
    if not table.items:
        sys.exit("icu_data.py: nothing is left of ICU's data")
    data = pathlib.Path(output).with_suffix(".dat")
    data.write_bytes(table.bytes())
    pathlib.Path(output).write_text(
        f'.section .rodata,"a",@progbits\n.balign 16\n.globl {symbol}\n.type {symbol},@object\n{symbol}:\n'
        f'.incbin "{data}"\n.size {symbol}, . - {symbol}\n.section .note.GNU-stack,"",@progbits\n')
    print(f"{len(table.items)} of {before} items of ICU's data, {data.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
