"""Opens what the school has, a file, a folder or a zip, within limits and without unpacking."""

from __future__ import annotations

import hashlib
import lzma
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gateway.roster.faults import RosterFaults

MOST_MEMBERS = 200
MOST_BYTES_A_FILE = 256 * 1024 * 1024
MOST_BYTES = 512 * 1024 * 1024
MOST_TIMES_SMALLER = 400  # rosters shrink to a twentieth; a bomb to a thousandth
_ALWAYS_FINE_BYTES = 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,  # a way of packing that we do not know
    RuntimeError,  # a password
)


@dataclass(frozen=True, slots=True)
class Source:
    """The CSV files of one export by their plain names in lower case, and how each is read."""

    path: Path
    names: dict[str, str]  # "users.csv": the name as written, inside a zip its whole path
    is_zip: bool = False

    def has(self, name: str) -> bool:
        """Return whether there is such a file."""
        return name.lower() in self.names

    def read(self, name: str) -> bytes:
        """Return the octets of the file called `name`.

        Raises:
            RosterFaults: it is damaged, or larger than any roster.
        """
        written = self.names[name.lower()]
        return self._member(written) if self.is_zip else _bounded(self._place(written))

    def only_file(self) -> str:
        """Return the name of the only file. Raises RosterFaults when there are several."""
        if len(self.names) > 1:
            listed = ", ".join(sorted(self.names.values()))
            raise RosterFaults([f"{self.path.name}: one CSV file is wanted; found {listed}"])
        return next(iter(self.names))

    def place(self, name: str) -> Path:
        """Return where the file is. Raises RosterFaults when it is inside a zip."""
        if self.is_zip:
            raise RosterFaults([f"{self.path.name}: unpack it, and name the CSV file itself"])
        return self._place(self.names[name.lower()])

    def shown(self, name: str) -> str:
        """Return the file's name as it was written, for messages."""
        return PurePosixPath(self.names.get(name.lower(), name)).name

    def digests(self) -> tuple[tuple[str, str], ...]:
        """Return the name and SHA-256 of what was given: of the zip, or of each file."""
        places = [self.path] if self.is_zip else [self._place(name) for name in self.names.values()]
        found = []
        for place in sorted(places):
            with place.open("rb") as octets:
                found.append((place.name, hashlib.file_digest(octets, "sha256").hexdigest()))
        return tuple(found)

    def _place(self, written: str) -> Path:
        return self.path / written if self.path.is_dir() else self.path

    def _member(self, written: str) -> bytes:
        pieces: list[bytes] = []
        left = MOST_BYTES_A_FILE
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(written) as member:
                # The sizes in the archive's list are a claim: what comes out is counted.
                while piece := member.read(_CHUNK_BYTES):
                    left -= len(piece)
                    if left < 0:
                        raise RosterFaults([f"{self.path.name}: {written} is too large"])
                    pieces.append(piece)
        except _DAMAGED as error:
            words = f"{self.path.name}: {written} cannot be read ({error}); export it again"
            raise RosterFaults([words]) from error
        return b"".join(pieces)


def open_source(path: Path) -> Source:
    """Return the files at `path`; none is read yet.

    Raises:
        RosterFaults: there is nothing, two files of one name, or the zip is not to be trusted.
    """
    if path.is_dir():
        try:
            found = [one.name for one in path.iterdir() if one.is_file()]
        except OSError as error:
            raise RosterFaults([f"{path.name}: cannot be read ({error.strerror})"]) from error
        return Source(path, _by_name(path, found))
    if not path.is_file():
        raise RosterFaults([f"{path.name}: is not there"])
    if zipfile.is_zipfile(path):
        return Source(path, _by_name(path, _members(path)), is_zip=True)
    return Source(path, {path.name.lower(): path.name})


def _by_name(path: Path, written: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for one in sorted(written):
        plain = PurePosixPath(one).name.lower()
        if not plain.endswith((".csv", ".txt")) or plain.startswith("."):
            continue
        if plain in names:
            raise RosterFaults([f"{path.name}: holds {names[plain]} and {one}; leave one of them"])
        names[plain] = one
    if not names:
        listed = ", ".join(sorted(written)[:10]) or "nothing"
        raise RosterFaults([f"{path.name}: holds no CSV file; found {listed}"])
    return names


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise RosterFaults([f"{path.name}: is a damaged zip ({error})"]) from error
    if len(members) > MOST_MEMBERS:
        raise RosterFaults([f"{path.name}: holds {len(members)} files; no roster has so many"])
    if sum(one.file_size for one in members) > MOST_BYTES:
        raise RosterFaults([f"{path.name}: would be more than {MOST_BYTES} bytes unpacked"])
    for one in members:
        _refuse_odd(path, one)
    return [
        one.filename
        for one in members
        if not one.filename.endswith("/") and not one.filename.startswith("__MACOSX/")
    ]


def _refuse_odd(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\x00" in name:
        raise RosterFaults([f"{path.name}: holds a file with a path of its own: {name!r}"])
    if stat.S_ISLNK(member.external_attr >> 16):
        raise RosterFaults([f"{path.name}: {name} is a link to another file"])
    if member.flag_bits & 0x1:
        raise RosterFaults([f"{path.name}: {name} has a password; export it without one"])
    if member.file_size > MOST_BYTES_A_FILE:
        raise RosterFaults([f"{path.name}: {name} is too large"])
    smaller = member.file_size / max(1, member.compress_size)
    if member.file_size > _ALWAYS_FINE_BYTES and smaller > MOST_TIMES_SMALLER:
        raise RosterFaults([f"{path.name}: {name} is packed too tightly to be a roster"])


def _bounded(path: Path) -> bytes:
    try:
        with path.open("rb") as octets:
            read = octets.read(MOST_BYTES_A_FILE + 1)
    except OSError as error:
        raise RosterFaults([f"{path.name}: cannot be read ({error.strerror})"]) from error
    if len(read) > MOST_BYTES_A_FILE:
        raise RosterFaults([f"{path.name}: is too large"])
    return read
