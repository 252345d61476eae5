"""Bodies as they come: counted on the wire and decoded, stopped at the limits, seen to be cut off."""

from __future__ import annotations

import re
import zlib
from typing import TypeAlias

from isal import isal_zlib

from flows.fetching.faults import Fault, FetchError
from flows.fetching.limits import Limits

_END_TAGS = re.compile(rb"</(?:rss|feed|(?:[A-Za-z]+:)?RDF|html|body|channel)\s*>", re.IGNORECASE)


def endless(body: bytes) -> bool:
    """Whether a document lacks its end. Of what is packed or of wide characters nobody can tell before it is unpacked."""
    head = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"{", b"[")):
        return not body.rstrip().endswith((b"}", b"]"))
    readable = not head.startswith(b"\x1f\x8b") and b"\x00" not in head
    return readable and b"<" in head and not _END_TAGS.search(body[-2000:])


class Body:
    """Collects a body, decoding as it comes, and stops at the limits."""

    def __init__(self, encoding: str, limits: Limits) -> None:
        if encoding not in _ENCODINGS:
            raise FetchError(Fault.ENCODING, encoding[:40])
        self._encoding = encoding
        self._limits = limits
        self._parts: list[bytes] = []
        self._size = 0
        self._wire = 0
        self._stream: _Stream | None = None

    def add(self, chunk: bytes) -> None:
        self._wire += len(chunk)
        if self._wire > self._limits.wire:
            raise FetchError(Fault.TOO_LARGE, f"more than {self._limits.wire} bytes on the wire")
        if self._encoding in _AS_IT_IS:
            self._keep(chunk)
        else:
            self._decode(chunk)
        if self._size > self._limits.body:
            raise FetchError(Fault.TOO_LARGE, f"more than {self._limits.body} bytes decoded")

    def _keep(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)

    def _decode(self, chunk: bytes) -> None:
        while chunk:
            if self._stream is None:
                self._stream = _decoder(self._encoding, chunk)
            elif self._stream.eof:
                if self._encoding == "deflate" or chunk[:2] != b"\x1f\x8b":
                    return  # padding behind the stream
                self._stream = _decoder(self._encoding, chunk)
            try:
                self._keep(self._stream.decompress(chunk, self._limits.body + 1 - self._size))
            except _BROKEN as error:
                raise FetchError(Fault.ENCODING, str(error)) from None
            if self._size > self._limits.body:
                return
            chunk = self._stream.unused_data if self._stream.eof else b""

    def finished(self) -> bytes:
        if self._stream is not None and not self._stream.eof:
            raise FetchError(Fault.TRUNCATED, "the compressed stream has no end")
        return b"".join(self._parts)


_Stream: TypeAlias = "zlib._Decompress | isal_zlib.Decompress"
_BROKEN: tuple[type[Exception], ...] = (zlib.error, isal_zlib.error)  # type: ignore[assignment]  # its stub calls the class an instance
_AS_IT_IS = frozenset({"", "identity", "none", "binary", "8bit", "utf-8", "utf8"})
"""With what servers say who took the header for one about characters: browsers read these, too."""
_ENCODINGS = _AS_IT_IS | {"gzip", "x-gzip", "deflate"}
"""We never ask for others; and `gzip, gzip, gzip …` is a bomb in wrapping paper."""
_PLAIN_GZIP = b"\x1f\x8b\x08\x00"


def _decoder(encoding: str, beginning: bytes) -> _Stream:
    """isal inflates in less than half of zlib's time, but trips over optional fields of a header that comes in pieces."""
    if encoding == "deflate":
        # Without the zlib header, as some servers mean it, where the method is not where that has it.
        return zlib.decompressobj(15 if beginning[0] & 0x0F == 8 else -15)
    return isal_zlib.decompressobj(31) if beginning.startswith(_PLAIN_GZIP) else zlib.decompressobj(31)
