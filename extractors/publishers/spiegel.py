"""DER SPIEGEL."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="spiegel",
    hosts=("spiegel.de", "manager-magazin.de"),
    names=("DER SPIEGEL", "SPIEGEL ONLINE"),
    layouts=(
        Layout(
            version="1",
            mark="[data-area='body']",
            body="[data-area='body']",
            teaser=".leading-loose, [data-area='intro'] .RichText",
            kicker="h2 [data-area='kicker'], h2 .text-primary-base",
            drop="[data-area='related_articles'], [data-area*='teaser'], [data-sara-component], [data-area='paywall'], [data-app-el='paywall']",
        ),
    ),
    paywall="[data-area='paywall'], [data-app-el='paywall']",
    video="[data-area='article-video'] [data-settings*='only']",
)
