"""The tables of a published document, as printed: which is which, where its columns stand, what they hold."""
