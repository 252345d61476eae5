"""Which acts the words of a sentence may tell, and who stands where an actor or recipient stands: rows and syntax, no weights."""
