"""Copies of the files examined, with the findings where they belong."""
