#!/usr/bin/env python3
"""Takes out of a linked program what follows from the folders it was built in.

    settle.py PROGRAM

The compiler keeps a hash of each module's options, names of folders among them, in `.swift_modhash`, for its own next run; nothing reads it in a program.
It is set to zeros, and the build's identity (`.note.gnu.build-id`, which the linker made of all bytes) to the SHA-1 of the file with zeros in both places.
"""

import hashlib
import struct
import sys


def sections(program):
    """Each section's name, and where its bytes are (ELF, 64 bits, little-endian)."""
    if program[:6] != b"\x7fELF\x02\x01":
        sys.exit("settle: expected a program for a 64-bit little-endian system")
    (start,) = struct.unpack_from("<Q", program, 0x28)
    size, count, names = struct.unpack_from("<HHH", program, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", program, start + index * size) for index in range(count)]
    for name, _, _, _, offset, length in headers:
        first = headers[names][4] + name
        yield bytes(program[first : program.index(b"\0", first)]).decode(), offset, length


def main():
    with open(sys.argv[1], "r+b") as file:
        program = bytearray(file.read())
        found = {name: (offset, length) for name, offset, length in sections(program)}
        for name in (".swift_modhash", ".note.gnu.build-id"):
            if name not in found:
                sys.exit(f"settle: the program has no {name}; if it needs none, leave it out here")
        offset, length = found[".swift_modhash"]
        program[offset : offset + length] = bytes(length)
        offset, length = found[".note.gnu.build-id"]
        # A note: lengths of name and content, a kind, the name "GNU", the content.
        if program[offset : offset + 16] != struct.pack("<III4s", 4, 20, 3, b"GNU\0"):
            sys.exit("settle: expected a build identity of 20 bytes")
        identity = slice(offset + 16, offset + 36)
        program[identity] = bytes(20)
        program[identity] = hashlib.sha1(program).digest()
        file.seek(0)
        file.write(program)


main()
