"""Neue Zürcher Zeitung."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="nzz",
    hosts=("nzz.ch",),
    names=("Neue Zürcher Zeitung", "NZZ"),
    zone="Europe/Zurich",
    layouts=(
        Layout(
            version="1",
            mark=".articlecomponent, .headline__title",
            headline=".headline__title",
            kicker=".headline__catchline",
            teaser=".headline__lead",
            byline=".metainfo__item--author",
            drop=".infobox, .embeddedcontent, .teaser, .image-description, .dynamic-regwall, .regwall",
        ),
    ),
    paywall=".dynamic-regwall, .regwall, .paywall",
)
