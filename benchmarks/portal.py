"""Pages of our own in the size of real ones, for machines that have no collection of pages.

The newsroom's pages are small: 3 to 10 kB, a hundred words. Those of German publishers are not, and most of what a pipeline
does with a page is to find its article in what stands around it. So paragraphs of several pieces make an article of usual
length, and around it stands what a publisher's page has, in about the numbers that 142 real pages had (medians): 214 kB,
1,373 elements, 199 links, 22 scripts, 454 words.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from extractors.model import Grade
from flows.newsroom import END, load_pieces
from flows.newsroom.pages import render
from flows.newsroom.pieces import Block, BlockKind, Kind, Piece, Version

WORDS = 454
"""of an article, at least"""
CORE_WORDS = 200
"""of them in a core article that are of the matter: the newsroom's tell twice as many acts in as many words as real ones"""
SCRIPTS, SCRIPT_ROWS = 22, 48
MENUS, ENTRIES = 10, 15
TEASERS = 50
ICONS, STROKES = 17, 60
RULES = 600
"""of the style sheet in a page"""
SEED = 2028
HOSTS = 5
"""of each house: pages of one host wait for each other"""
AGO = timedelta(days=6 * 365)
"""by which the fortnight lies back: a date that is to come is believed by nobody, and looked for on all of the page"""

_SYLLABLES = "ra ti kon ver la mo ser ta gen po li tur be rich na do ku ste fi an".split()


def printed(number: int, base: str = "https://{house}.example") -> Iterator[tuple[str, bytes]]:
    """Address and page of so many articles that are of no matter, and of one for each core piece of the newsroom."""
    pieces = [piece for piece in load_pieces() if piece.kind is Kind.ARTICLE]
    dull = [piece for piece in pieces if piece.grade is Grade.NOT]
    core = [piece for piece in pieces if piece.grade is Grade.CORE]
    rng = random.Random(SEED)
    for at in range(number):
        piece = dull[at % len(dull)]
        yield _page(piece, _longer(_last(piece), dull, WORDS, rng), at, rng, base)
    for at, piece in enumerate(core, number):
        version = _longer(_last(piece), core, CORE_WORDS, rng)
        yield _page(piece, _longer(version, dull, WORDS, rng), at, rng, base)


def _page(piece: Piece, version: Version, at: int, rng: random.Random, base: str) -> tuple[str, bytes]:
    stand = version.stand - AGO if version.stand is not None else None
    version = replace(version, at=version.at - AGO, stand=stand)
    made = replace(piece, id=f"{piece.id}-{at}", path=f"{at}/{piece.path}", published=piece.published - AGO)
    root = base.format(house=f"{piece.house}-{at % HOSTS}")
    return f"{root}/{made.house}/{made.path}", framed(render(made, version, root), rng)


def _longer(version: Version, among: Sequence[Piece], words: int, rng: random.Random) -> Version:
    """With paragraphs of other pieces behind its own until it has so many words."""
    blocks, have = list(version.blocks), _words(version.blocks)
    others = [block for piece in among for block in _last(piece).blocks if _is_text(block) and block not in blocks]
    for block in rng.sample(others, len(others)):
        if have >= words:
            break
        blocks.append(block)
        have += _words([block])
    return replace(version, blocks=tuple(blocks))


def _last(piece: Piece) -> Version:
    version = piece.version(END)
    assert version is not None
    return version


def _is_text(block: Block) -> bool:
    return block.kind is BlockKind.PARAGRAPH


def _words(blocks: Sequence[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks if _is_text(block))


def framed(page: bytes, rng: random.Random) -> bytes:
    """The page with what stands around an article elsewhere: style, scripts, icons, menus, teasers of other articles."""
    text = page.decode()
    text = text.replace("</head>", f"{_style(rng)}{''.join(_script(rng) for _ in range(SCRIPTS))}</head>", 1)
    above = f'<header class="portal-header">{_icons(rng)}{"".join(_menu(rng) for _ in range(MENUS))}</header>'
    text = re.sub(r"<body[^>]*>", lambda found: found[0] + above, text, count=1)
    below = f'<aside class="portal-more">{"".join(_teaser(rng) for _ in range(TEASERS))}</aside>'
    return text.replace("</body>", f"{below}</body>", 1).encode()


def _word(rng: random.Random, most: int = 4) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, most)))


def _style(rng: random.Random) -> str:
    rules = (
        f".{_word(rng)}-{_word(rng)}__{_word(rng)}{{margin:0 {rng.random():.3f}rem;color:#{rng.randrange(4096):03x}}}"
        for _ in range(RULES)
    )
    return f"<style>{''.join(rules)}</style>"


def _script(rng: random.Random) -> str:
    rows = {
        _word(rng): {"id": rng.randrange(10**9), "slot": f"{_word(rng)}/{_word(rng)}", "on": rng.random() < 0.5}
        for _ in range(SCRIPT_ROWS)
    }
    return f"<script>window.{_word(rng)}=window.{_word(rng)}||{json.dumps(rows)};</script>\n"


def _icons(rng: random.Random) -> str:
    def path() -> str:
        return "".join(f"l{rng.uniform(-9, 9):.2f} {rng.uniform(-9, 9):.2f}" for _ in range(STROKES))

    icons = (
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 4{path()}z"/></svg>'
        for _ in range(ICONS)
    )
    return "".join(icons)


def _menu(rng: random.Random) -> str:
    def entry() -> str:
        word = _word(rng)
        return f'<li class="menu__item menu__item--level-{rng.randint(1, 3)}"><a class="menu__link" href="/{word}/" data-track="{_word(rng)}">{word.title()}</a></li>'

    return f'<nav class="menu"><ul class="menu__list">{"".join(entry() for _ in range(ENTRIES))}</ul></nav>'


def _teaser(rng: random.Random) -> str:
    title, link = " ".join(_word(rng).title() for _ in range(6)), f"/{_word(rng)}/{rng.randrange(10**8)}.html"
    image = f"/bilder/{rng.getrandbits(64):016x}"
    sizes = ", ".join(f"{image}?width={width} {width}w" for width in (256, 512, 768, 1024))
    return (
        f'<div class="teaser teaser--{_word(rng)}"><div class="teaser__media"><a class="teaser__link" href="{link}"><picture>'
        f'<source srcset="{sizes}" media="(min-width: 768px)"><img class="teaser__image" src="{image}" alt="" loading="lazy" width="512" height="288">'
        f'</picture></a></div><div class="teaser__text"><span class="teaser__kicker">{_word(rng).title()}</span>'
        f'<h3 class="teaser__title"><a href="{link}" data-track="{_word(rng)}">{title}</a></h3>'
        f'<p class="teaser__lead">{" ".join(_word(rng) for _ in range(14))}.</p></div></div>'
    )
