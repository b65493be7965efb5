"""A Book in words: statements, the narrative, the whole disclosure, and what is suspect in a text."""
