"""Plain values that everything is made of: money, texts, cells and tables, findings."""
