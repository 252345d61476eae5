"""WELT."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="welt",
    hosts=("welt.de",),
    names=("DIE WELT", "WELT"),
    layouts=(
        Layout(
            version="1",
            mark=".c-article-page__text, .c-article-text",
            body=".c-article-page__text, .c-article-text",
            teaser=".c-article-page__intro, .c-summary__intro",
            byline=".c-author__link, .c-author__name",
            drop=".c-inline-teaser-list, .c-inline-element, .c-embed, .c-opt-in-element, .c-podcast-subscription, .c-page-footer, [data-component='InlineElement']",
        ),
    ),
    paywall=".c-page-paywall, .contains_walled_content",
)
