"""Kronen Zeitung (Wien): each paragraph in a section of its own, subheads as bold words before a line break."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="krone",
    hosts=("krone.at",),
    names=("Krone.at", "Kronen Zeitung"),
    zone="Europe/Vienna",
    layouts=(
        Layout(
            version="1",
            mark=".c_content",
            body=".c_content",
            headline=".c_title h1",
            kicker=".c_pretitle h2",
            teaser=".c_lead .c_tinymce_lead",
            stand=".bc__date",
            drop=".c_linkbox, .c_image, .c_twitter-tweet, .c_facebook, .c_instagram, .c_video, .c_slideshow, .c_image-gallery, .c_emarsys-web-extend, .c_comments, .c_newsletter",
        ),
    ),
    junk=(
        r"Willkommen in unserer Community\b",
        r"User-Beiträge geben nicht\b",
        r"Da dieser Artikel älter als\b",
        r"\(Bild: ",
    ),
)
