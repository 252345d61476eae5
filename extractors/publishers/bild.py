"""BILD."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="bild",
    hosts=("bild.de",),
    names=("bild.de", "BILD"),
    layouts=(
        Layout(
            version="1",
            mark=".article-body",
            body=".article-body",
            headline=".document-title__headline",
            kicker=".document-title__kicker",
            byline=".author__name",
            drop=".related-topics, .fig, .embed, .float-container aside, .teaser, .article-mtl",
        ),
    ),
    junk=(r"Anzeige: ", r"Hier geht es zu\b.{0,80}$", r"Lesen Sie (?:mit BILD ?plus|auch)\b"),
    paywall=".offer-module, .bild-plus-teaser",
)
