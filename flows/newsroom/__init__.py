"""The bundled newsroom: a feed server on 127.0.0.1 with articles of our own, for the demo and the tests."""

from flows.newsroom.pieces import END, START, Piece, Version, load_pieces
from flows.newsroom.server import Newsroom

__all__ = ["END", "START", "Newsroom", "Piece", "Version", "load_pieces"]
