"""Which figures are wrong: the fewest whose change lets all relations hold."""
