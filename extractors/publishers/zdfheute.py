"""ZDFheute: class names are hashed, so the text is found by its weight; what the house writes around it is known."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="zdfheute",
    hosts=("zdf.de", "zdfheute.de"),
    names=("ZDFheute", "ZDF"),
    layouts=(
        Layout(
            version="1",
            mark="html",
            # An article inside the article is another page's teaser.
            drop="[data-testid*='teaser'], [class*='sb-teaser'], [class*='embed'], [data-testid='content-module'] > article",
        ),
    ),
    junk=(
        r"Für die Darstellung von .{2,60} nutzen wir\b",
        r"Quelle: ",
        r"Sie wollen (?:auf dem Laufenden|stets|immer)\b",
        r"ZDFheute (?:Update|Live|Infografik|auf WhatsApp)\b",
        r"Sehen Sie hier\b.{0,120}$",
    ),
    video="[data-testid='video-player-only'], .b-video-page",
)
