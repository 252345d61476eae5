"""What events and articles add up to over time: acts, copies, stories, meetings, demands, dyads and voices.

All of it is pure: candidates come in, decisions with reasons go out; the archive keeps them and gives ids their
permanence. Read the modules by their nouns: `acts.link`, `copies.fingerprint`, `matters.assign`, `meetings.advance`,
`restating.restated`, `demands.ledger`, `dyads.situation`, `voices.mode_meter`, `voices.barometer`.
"""

from extractors.stories.copies import agencies, fingerprint

__all__ = ["agencies", "fingerprint"]
