"""ZIP archives, sound and broken: workbooks and downloads are such archives."""

from __future__ import annotations

import io
import zipfile

Parts = dict[str, bytes]


def zipped(parts: Parts) -> bytes:
    """An archive of parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def lying(data: bytes, name: str, size: int) -> bytes:
    """An archive that declares another size for one of its parts, in both places where it says so."""
    found = bytearray(data)
    sign, low = size.to_bytes(4, "little"), name.encode()
    for mark, at_size, at_name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = found.find(mark)
        while at >= 0:
            if found[at + at_name : at + at_name + len(low)] == low:
                found[at + at_size : at + at_size + 4] = sign
            at = found.find(mark, at + 4)
    return bytes(found)


def misplaced(data: bytes) -> bytes:
    """The archive says that its list of contents begins later than it does, so that its first part lies before it."""
    at = data.rindex(b"PK\x05\x06") + 16
    later = int.from_bytes(data[at : at + 4], "little") + 100
    return data[:at] + later.to_bytes(4, "little") + data[at + 4 :]


def flipped(data: bytes, at: int) -> bytes:
    """One byte turned round."""
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
