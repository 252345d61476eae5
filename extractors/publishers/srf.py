"""SRF (Schweizer Radio und Fernsehen)."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="srf",
    hosts=("srf.ch",),
    names=("Schweizer Radio und Fernsehen (SRF)", "SRF"),
    zone="Europe/Zurich",
    layouts=(
        Layout(
            version="1",
            mark=".article-content, .articlepage__article-content",
            body=".article-content, .articlepage__article-content",
            headline=".article-title__text",
            kicker=".article-title__overline",
            teaser=".article-lead",
            byline=".article-author__name",
            stand=".article-author__date",
            drop=".linkbox, .related-items-list, .expandable-box, .media-caption, .carousel, .js-media, .h-offscreen, .article-reference, .sharing-bar",
        ),
    ),
    junk=(
        r"(?:Tagesschau|Rendez-vous|Echo der Zeit|10vor10|HeuteMorgen|SRF 4 News|SRF News|Radio SRF)\b.{0,60}\d{1,2}:\d\d Uhr.{0,40}$",
    ),
)
