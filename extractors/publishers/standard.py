"""DER STANDARD (Wien)."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="standard",
    hosts=("derstandard.at", "derstandard.de"),
    names=("DER STANDARD",),
    zone="Europe/Vienna",
    layouts=(
        Layout(
            version="1",
            mark=".article-body",
            body=".article-body",
            headline=".article-title",
            kicker=".article-kicker",
            teaser=".article-subtitle",
            byline=".article-origins",
            drop="figure, .js-embed-container, aside, [class*='promo'], ad-slot, .article-postingcount",
        ),
    ),
)
