"""What fitted weights make of the proposals: which acts are told, between whom, and how sure that is."""
