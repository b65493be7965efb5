"""What each command does: one readable function for each, from files to files."""
