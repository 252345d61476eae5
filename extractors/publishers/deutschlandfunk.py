"""Deutschlandfunk: paragraphs are <div>; a line at the end says when the message was on air."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="deutschlandfunk",
    hosts=("deutschlandfunk.de", "deutschlandfunkkultur.de", "deutschlandfunknova.de"),
    names=("Deutschlandfunk", "Deutschlandfunk Kultur"),
    layouts=(
        Layout(
            version="1",
            mark=".article-header, .b-article",
            headline=".headline-title, h1",
            kicker=".headline-kicker",
            teaser=".article-header-description, .article-header-teaser",
            byline=".article-header-author",
            stand=".article-header-date time, .article-header-date",
            drop=".article-header, .b-embed-opt-in, .b-teaser-box, .b-image-caption",
        ),
    ),
    junk=(r"Diese Nachricht wurde am\b", r"(?:Unsere|Zum) (?:Nachrichten|Podcast)\b.{0,120}$"),
)
