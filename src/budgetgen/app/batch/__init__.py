"""One command on many files: each in its place, whatever becomes of the others, and again only what has changed."""
