"""From the bytes of a feed to its characters: gzip that no header announced, and the character set."""

from __future__ import annotations

import codecs
import re
import zlib

from extractors.feeds.items import MAX_BODY, FeedError
from extractors.model import mostly_utf8

_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_BOMLESS = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_SINGLE_BYTE = re.compile(r"(?:iso-?8859-?|latin-?|windows-?|cp-?|koi8-|mac)[\w-]+|us-ascii|ascii", re.IGNORECASE)
"""Encodings that we let a stranger name. Python knows others (zip, rot13, idna, utf-7) that are no encodings of feeds."""


def inflated(body: bytes) -> bytes:
    """The body out of a gzip that no header announced, read no further than the limit."""
    if body[:3] != b"\x1f\x8b\x08":
        return body
    plain_bytes = b""
    while body[:3] == b"\x1f\x8b\x08":  # a gzip may have several members; what stands behind them is padding
        stream = zlib.decompressobj(31)
        try:
            plain_bytes += stream.decompress(body, MAX_BODY + 1 - len(plain_bytes))
        except zlib.error:
            raise FeedError("broken gzip") from None
        if len(plain_bytes) > MAX_BODY:
            raise FeedError("too large")
        if not stream.eof:
            raise FeedError("cut off gzip")
        body = stream.unused_data
    return plain_bytes


def decoded(body: bytes, content_type: str) -> str:
    """The characters. What is valid UTF-8 is UTF-8, whatever it is declared to be: chance does not make it so."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    head = body[:64].lstrip()
    for start, encoding in _BOMLESS:
        if head.startswith(start):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A feed cut off inside its last character is UTF-8 all the same.
        if error.start > len(body) - 4 and error.end >= len(body):
            return body[: error.start].decode("utf-8")
    if mostly_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode(_single_byte(body, content_type), "replace")


def _single_byte(body: bytes, content_type: str) -> str:
    declared = _DECLARED.search(body[:1024])
    said = _CHARSET.search(content_type)
    for name in (declared[1].decode("ascii") if declared else "", said[1] if said else ""):
        if name.lower() in ("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
            return "cp1252"  # as browsers do: it is the same, but for the quotation marks and dashes
        if name and _SINGLE_BYTE.fullmatch(name):
            try:
                codecs.lookup(name)
                "".encode(name)
                return name
            except (LookupError, UnicodeError):
                continue
    return "cp1252"
