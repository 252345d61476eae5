"""ORF.at."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="orf",
    hosts=("orf.at",),
    names=("news.ORF.at", "ORF.at", "ORF"),
    zone="Europe/Vienna",
    layouts=(
        Layout(
            version="1",
            mark=".story-story, #ss-storyContent",
            body=".story-story, #ss-storyText",
            kicker=".story-lead-headline + .kicker, .story-meta .kicker",
            teaser=".story-lead-text",
            byline=".byline",
            stand=".story-meta-dates, .dateline",
            drop=".fact, .slideshow, .stripe-credits, .oon-youtube, .remote, .story-footer, .byline, .video, .debate",
        ),
    ),
    junk=(r"(?:red,? )?(?:ORF\.at|news\.ORF\.at|APA|ORF)(?:[/,] ?[\w.]+)*$",),
)
