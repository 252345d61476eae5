"""Süddeutsche Zeitung."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="sz",
    hosts=("sueddeutsche.de", "sz.de"),
    names=("Süddeutsche.de", "Süddeutsche Zeitung", "SZ.de"),
    layouts=(
        Layout(
            version="1",
            mark="[data-manual='paragraph'], [itemprop='articleBody']",
            body="[itemprop='articleBody']",
            headline="[data-manual='title'], h2 [class*='title'], h1",
            kicker="[data-manual='overline'], [class*='overline']",
            teaser="[data-manual='teaserText'], [data-manual='teaser-text']",
            byline="[data-manual='author']",
            drop="#metered-content article, [class*='teaser'], [data-manual='related'], [class*='paywall'], [class*='offer']",
        ),
    ),
    paywall="offer-page, [class*='offer-page'], #sz-paywall",
    junk=(r"© (?:SZ|dpa)\b", r"Detailansicht öffnen"),
)
