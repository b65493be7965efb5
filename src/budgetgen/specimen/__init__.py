"""A Book of a format that nobody has filled in yet: dummy figures that add up, from the declaration alone."""
