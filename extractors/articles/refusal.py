"""Why a page is no article: a closed set of reasons, so that a run can count what it dropped."""

from __future__ import annotations

import enum


class Reason(enum.StrEnum):
    """What stood in the way of an article. Each is something an operator would do something else about."""

    EMPTY = "empty"
    NOT_HTML = "not html"
    TOO_LARGE = "too large"
    CONSENT = "consent wall"
    PAYWALL = "paywall teaser"
    SOFT_404 = "soft 404"
    VIDEO = "video page"
    AUDIO = "audio page"
    GALLERY = "picture gallery"
    LIVE_SHELL = "live shell"
    SCRIPT_SHELL = "needs JavaScript"
    INDEX = "index page"
    NO_HEADLINE = "no headline"
    NO_TEXT = "no text"


class NotAnArticle(ValueError):
    """The page holds no article text; `reason` says why, `detail` what was seen."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
