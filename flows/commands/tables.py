"""Tables of what a command lists, for people: columns on a terminal. In a pipe commands print lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> None:
    """Print rows under their heads, as wide as the terminal; the last so many columns are `numbers`, and stand to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="")
    for place, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if place >= len(heads) - numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))  # as it stands: square brackets in a sentence are none of rich's
    Console().print(table)
