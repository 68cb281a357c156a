#!/usr/bin/env python3
"""Lists what the program is made of, from what the linker put into it.

    packaging/components.py MAP [options, see --help]

Reads the linker's map of the program, finds the package and the licence of every library in it, and writes a list of components (SPDX 2.3, JSON)
and the notices that their licences ask for. A library that nobody has said anything about here is refused: a list with gaps is no list.
"""

import argparse
import dataclasses
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NOWHERE = "NOASSERTION"
SWIFT = "Apache-2.0 WITH Swift-exception"
GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"


class Refused(Exception):
    """What was found, and what is expected."""


@dataclasses.dataclass
class Component:
    """A part of the program, or what it uses when it runs."""

    name: str
    version: str
    licence: str
    copyright: str
    location: str
    purl: str | None = None
    """How it is in the program: static, or a kind of dependency."""
    relation: str = "STATIC_LINK"
    comment: str | None = None
    text: str | None = None

    @property
    def id(self) -> str:
        return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", self.name)


# Parts of the Swift toolchain: its archives (without lib and .a), by the project that they are built from.
TOOLCHAIN = {
    "swift": (
        SWIFT,
        "swiftCore swiftRuntime swiftGlibc swift_Builtin_float swift_Concurrency swift_RegexParser swift_StringProcessing"
        " swiftSwiftOnoneSupport swiftSynchronization swiftObservation swiftRegexBuilder swift_Volatile swift_Differentiation swiftDistributed",
    ),
    "swift-corelibs-libdispatch": (SWIFT, "dispatch BlocksRuntime swiftDispatch"),
    "swift-corelibs-foundation": (SWIFT, "Foundation CoreFoundation"),
    "swift-foundation": (SWIFT, "FoundationEssentials FoundationInternationalization _FoundationCShims"),
    "swift-collections": (SWIFT, "_FoundationCollections"),
    "swift-foundation-icu": ("Unicode-3.0 AND " + SWIFT, "_FoundationICU"),
}

# Swift packages: the modules, by the package's name in Package.resolved.
PACKAGES = {
    "swift-argument-parser": (SWIFT, "Apple Inc. and the Swift project authors", {"ArgumentParser", "ArgumentParserToolInfo"}),
    "grdb.swift": ("MIT", "2015-2025 Gwendal Roué", {"GRDB"}),
    "yams": ("MIT", "2016 JP Simard", {"Yams"}),
}
LIBYAML = "CYaml"

# Debian's static libraries.
SYSTEM = {
    "libsqlite3.a": ("sqlite3", "blessing", NOWHERE, "https://www.sqlite.org"),
    "libcrypto.a": ("openssl", "Apache-2.0", "The OpenSSL Project Authors", "https://www.openssl.org"),
    "libstdc++.a": ("gcc", GCC, "Free Software Foundation, Inc.", "https://gcc.gnu.org"),
    "libgcc.a": ("gcc", GCC, "Free Software Foundation, Inc.", "https://gcc.gnu.org"),
    "libgcc_eh.a": ("gcc", GCC, "Free Software Foundation, Inc.", "https://gcc.gnu.org"),
    "libc_nonshared.a": ("glibc", "LGPL-2.1-or-later", "Free Software Foundation, Inc.", "https://www.gnu.org/software/libc"),
}

# What a system has or may have, and the program finds when it runs.
AT_RUN_TIME = [
    Component(
        "glibc-shared", "any from the one named in the program's symbols on", "LGPL-2.1-or-later", "Free Software Foundation, Inc.",
        "https://www.gnu.org/software/libc", relation="RUNTIME_DEPENDENCY_OF", comment="libc.so.6, libm.so.6 and the loader of the system"),
    Component(
        "libcurl-shared", "7.85 or later", "curl", "Daniel Stenberg and many contributors", "https://curl.se", relation="OPTIONAL_DEPENDENCY_OF",
        comment="loaded when a model behind a server is first asked"),
    Component(
        "openblas-shared", NOWHERE, "BSD-3-Clause", "The OpenBLAS Project", "https://www.openblas.net", relation="OPTIONAL_DEPENDENCY_OF",
        comment="loaded when a router is first trained"),
]


def parts(map_text: str) -> tuple[set[str], set[str]]:
    """The archives and the modules of which something is in the program."""
    archives = {pathlib.PurePath(path).name for path in re.findall(r"(\S+\.a)\(", map_text)}
    modules = set(re.findall(r"/([A-Za-z0-9_]+)\.build/\S+\.o[:\s]", map_text))
    if not archives or not modules:
        raise Refused("the map names no archives or no modules; is it the map of lld or ld?")
    return archives, modules


def command(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def package_of(file: str) -> tuple[str, str]:
    """The Debian package of a file, and its version."""
    owner = command("dpkg", "-S", str(pathlib.Path(file))).split("\n")[0].rsplit(": ", 1)[0].split(",")[0]
    return owner.split(":")[0], command("dpkg-query", "-W", "-f=${Version}", owner)


def toolchain(archives: set[str], version: str, licence: str) -> list[Component]:
    found = []
    icu = (HERE / "licences/ICU.txt").read_text()
    for name, (terms, libraries) in TOOLCHAIN.items():
        mine = {f"lib{library}.a" for library in libraries.split()} & archives
        archives -= mine
        if not mine:
            continue
        made = Component(
            name, version, terms, "Apple Inc. and the Swift project authors", f"https://github.com/swiftlang/{name}", f"pkg:github/swiftlang/{name}",
            text=licence)
        if name == "swift-foundation-icu":
            made.comment = "With its own and English data alone: the other languages' and the converters of encodings are left out."
            made.text = icu
        if name in ("swift-corelibs-libdispatch", "swift-collections"):
            made.location = f"https://github.com/apple/{name}"
            made.purl = f"pkg:github/apple/{name}"
        found.append(made)
    return found


def packages(modules: set[str], resolved: pathlib.Path, checkouts: pathlib.Path) -> list[Component]:
    pins = {pin["identity"]: pin for pin in json.loads(resolved.read_text())["pins"]}
    found = []
    for identity, (licence, owner, mine) in PACKAGES.items():
        if not mine & modules:
            continue
        modules -= mine
        if identity not in pins:
            raise Refused(f"{resolved} has no {identity}, which is in the program")
        pin = pins[identity]
        location = pin["location"].removesuffix(".git")
        name = location.rsplit("/", 1)[1]
        text = next((checkouts / name).glob("LICENSE*")).read_text()
        state = pin["state"]
        purl = f"pkg:swift/{location.removeprefix('https://')}@{state['version']}"
        found.append(
            Component(name, state["version"], licence, owner, f"git+{location}@{state['revision']}", purl, text=text))
    if LIBYAML in modules:
        modules.remove(LIBYAML)
        yams = next(component for component in found if component.name == "Yams")
        found.append(
            Component(
                "libyaml", NOWHERE, "MIT", "2017-2020 Ingy döt Net, 2006-2016 Kirill Simonov", "https://github.com/yaml/libyaml",
                comment=f"As a part of Yams {yams.version}, which does not say which version it is.",
                text=(HERE / "licences/libyaml.txt").read_text()))
    return found


def system(archives: set[str], clang: str) -> list[Component]:
    found: dict[str, Component] = {}
    for archive, (name, licence, owner, location) in SYSTEM.items():
        if archive not in archives:
            continue
        archives.remove(archive)
        if name in found:
            continue
        path = pathlib.Path(command(clang, f"-print-file-name={archive}")).resolve()
        package, version = package_of(str(path))
        notice = pathlib.Path(f"/usr/share/doc/{package}/copyright").resolve()
        found[name] = Component(
            name, version, licence, owner, location, f"pkg:deb/debian/{package}@{version}", comment=f"Debian's {package}.", text=notice.read_text())
    return list(found.values())


def spdx(program: Component, components: list[Component], file: pathlib.Path, time: int) -> dict:
    """The document; of one program it is always the same."""

    def described(component: Component) -> dict:
        entry = {
            "SPDXID": component.id, "name": component.name, "versionInfo": component.version, "downloadLocation": component.location,
            "filesAnalyzed": False, "licenseConcluded": component.licence, "licenseDeclared": component.licence,
            "copyrightText": component.copyright,
        }
        if component.version == NOWHERE:
            del entry["versionInfo"]
        if component.comment:
            entry["comment"] = component.comment
        if component.purl:
            entry["externalRefs"] = [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": component.purl}]
        return entry

    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    root = described(program)
    root["primaryPackagePurpose"] = "APPLICATION"
    root["packageFileName"] = file.name
    root["checksums"] = [{"algorithm": "SHA256", "checksumValue": digest}]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", program.id)]
    for component in components:
        if component.relation == "STATIC_LINK":
            relations.append((program.id, "STATIC_LINK", component.id))
        else:
            relations.append((component.id, component.relation, program.id))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"{program.name}-{program.version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/{program.name}-{program.version}-{digest}",
        "creationInfo": {
            "created": datetime.datetime.fromtimestamp(time, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: citer-packaging-components"],
        },
        "packages": [root] + [described(component) for component in components],
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other} for one, kind, other in relations],
    }


def notices(components: list[Component]) -> str:
    """What is in the program, by whom, and under which terms; a text that several share stands once."""
    names: dict[str, list[Component]] = {}
    for component in components:
        if component.text:
            names.setdefault(component.text.strip(), []).append(component)
    pages = ["citer is distributed with these works in its program, each under its own terms, which follow.\n"]
    pages += [f"- {c.name}{'' if c.version == NOWHERE else ' ' + c.version}: {c.licence}; {c.location}" for c in components if c.text]
    for text, those in names.items():
        heading = ", ".join(component.name for component in those)
        pages.append(f"\n{'=' * 80}\n{heading}\n{'=' * 80}\n\n{text}")
    return "\n".join(pages) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("map", type=pathlib.Path, help="the linker's map")
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--commit", required=True, help="what the program was built from")
    parser.add_argument("--time", type=int, required=True, help="seconds since 1970")
    parser.add_argument("--own", type=pathlib.Path, required=True, help="the folder of the program's own modules")
    parser.add_argument("--resolved", type=pathlib.Path, required=True, help="Package.resolved")
    parser.add_argument("--checkouts", type=pathlib.Path, required=True)
    parser.add_argument("--toolchain", type=pathlib.Path, required=True, help="the folder with bin/swift")
    parser.add_argument("--spdx", type=pathlib.Path, required=True)
    parser.add_argument("--notices", type=pathlib.Path, required=True)
    options = parser.parse_args()

    archives, modules = parts(options.map.read_text(errors="replace"))
    swift = re.search(r"Swift version (\S+)", command(str(options.toolchain / "bin/swift"), "--version"))
    if not swift:
        raise Refused("swift --version tells no version")
    licence = (options.toolchain / "share/swift/LICENSE.txt").read_text()
    components = packages(modules, options.resolved, options.checkouts)
    components += toolchain(archives, swift[1], licence)
    components += system(archives, str(options.toolchain / "bin/clang"))
    modules -= {folder.name for folder in options.own.iterdir()}
    if archives or modules:
        raise Refused(f"nobody says whose these are, which are in the program: {', '.join(sorted(archives | modules))}")
    program = Component(
        "citer", options.version, "Apache-2.0", "The citer authors", NOWHERE, comment=f"Built from commit {options.commit}.")
    document = spdx(program, components + AT_RUN_TIME, options.program, options.time)
    options.spdx.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    options.notices.write_text(notices(components))
    print(f"{len(components)} components in the program, {len(AT_RUN_TIME)} that it finds when it runs")


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"components.py: {refusal}")
    except subprocess.CalledProcessError as failure:
        sys.exit(f"components.py: {' '.join(map(str, failure.cmd))}: {failure.stderr.strip()}")
