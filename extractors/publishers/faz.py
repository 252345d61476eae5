"""Frankfurter Allgemeine. Since 2024 the paragraphs before the paywall are in an element of their own."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="faz",
    hosts=("faz.net",),
    names=("FAZ.NET", "Frankfurter Allgemeine Zeitung"),
    layouts=(
        Layout(
            version="2025",
            mark="article > .walled-content:not(.body-elements)",
            headline="[data-external-selector='header-title']",
            kicker="article > header h2 > div:first-child > span",
            teaser="article > header p[class*='p1-intro']",
        ),
        Layout(
            version="2024",
            mark=".body-elements__paragraph",
            body=".body-elements",
            headline=".header-title",
            kicker=".header-label__content",
            teaser=".header-teaser",
            byline=".header-detail--pad",
        ),
        Layout(
            version="2023",
            mark=".atc-Text",
            body=".atc-Text",
            headline=".atc-HeadlineText",
            kicker=".atc-HeadlineEmphasisText",
            teaser=".atc-IntroText",
            byline=".atc-MetaAuthor",
            stand=".atc-MetaTime",
            drop=".atc-ContainerInfo, .ctn-PaywallInfo, .atc-ImageDescription, .js-adobe-related, .tsr-Base, .btn-Base",
        ),
    ),
    paywall=".ctn-PaywallInfo, .js-ctn-PaywallTeasers, .paywall",
)
