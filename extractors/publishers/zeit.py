"""ZEIT ONLINE."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="zeit",
    hosts=("zeit.de",),
    names=("ZEIT ONLINE", "Die Zeit"),
    layouts=(
        Layout(
            version="1",
            mark=".article-body, .article-page, .article__item",
            body=".article-body, .article-page",
            headline=".article-heading__title, .article-header__title, h1",
            kicker=".article-heading__kicker, .article-header__kicker",
            teaser=".summary, .article__summary",
            byline=".byline",
            drop=".topicbox, .article-notice, .newsletter-signup, .volume-teaser, .gate, .paragraph--faq, .ad-container, .embed-wrapper",
        ),
    ),
    junk=(
        r"©\s?(?:dpa|AFP|Reuters)-?infocom\b",
        r"ZEIT ONLINE hat diese Meldung\b",
        r"Hier finden Sie Informationen zu dem Thema\b",
    ),
    paywall=".gate, .paywall-gate",
)
