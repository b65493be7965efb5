"""The office's page: the commands for those who never saw a command line, on this machine only."""
