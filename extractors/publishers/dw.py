"""Deutsche Welle."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="dw",
    hosts=("dw.com",),
    names=("dw.com", "DW"),
    layouts=(
        Layout(
            version="1",
            mark="[class*='rich-text'], .longText, header .kicker",
            kicker="header .kicker, .kicker",
            teaser=".teaser-text, .intro",
            byline=".author-details, .author",
            drop="[class*='embed'], [class*='related'], [data-tracking-name*='teaser'], .picture, .picBox",
        ),
    ),
    video="[data-tracking-name='video'], .video-page",
)
