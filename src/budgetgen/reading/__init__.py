"""The door: files in, Books out. Nothing else knows the formats of files that are read."""
