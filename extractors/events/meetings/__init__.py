"""Announced meetings, a family of their own: which words announce one, when and where it is, and who meets."""
