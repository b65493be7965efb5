"""Whether a Book is right: relations, rules, texts, and what the clerk has explained."""
