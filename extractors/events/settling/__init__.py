"""Rows that set right what the weights believe: whose an act is, and what is no act of its own."""
