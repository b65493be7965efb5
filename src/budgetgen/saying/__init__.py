"""A Book in words: statements, the narrative, the whole disclosure."""
