"""What of an article belongs to an act: its status, day, place and speaker."""
