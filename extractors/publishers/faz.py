"""Frankfurter Allgemeine."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="faz",
    hosts=("faz.net",),
    names=("FAZ.NET", "Frankfurter Allgemeine Zeitung"),
    layouts=(
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
