"""The sentences of a published document, read back by the wording that would say them."""
