"""ntv.de: two layouts; the lead is the bold first paragraph, the kicker stands in the heading."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="ntv",
    hosts=("n-tv.de", "ntv.de"),
    names=("ntv.de", "n-tv.de", "n-tv NACHRICHTEN"),
    layouts=(
        Layout(
            version="2025",
            mark="[class*='article-detail-head']",
            body="[class*='wrapper-article']",
            headline="[class*='article-detail-head_headline__']",
            kicker="[class*='article-detail-head_headlines'] > span:first-child",
            teaser="[class*='storyline_lead']",
            drop="[class*='widget-'], [class*='article-detail-'], [class*='social-share'], [class*='AudioPlayer'], [class*='color-darkgrey']",
        ),
        Layout(
            version="2020",
            mark=".article__text",
            body=".article__text",
            headline=".article__headline",
            kicker=".article__kicker",
            teaser=".article__text > p:first-child > strong:only-child",
            drop=".article__aside, .article__source, .article__tags, .teaser, .article__share-wrapper",
        ),
    ),
    junk=(r"Quelle: ntv\.de\b", r"\(Dieser Artikel wurde am\b", r"\+\+\+ .{0,120} \+\+\+$"),
    video=".videoplayer--standalone, .article--video",
)
