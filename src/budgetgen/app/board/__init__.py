"""The department's board: who may come, what its units have sent, what was said to it; kept for good."""
