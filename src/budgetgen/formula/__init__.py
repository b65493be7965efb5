"""The language of the declarations: formulas, and patterns with slots."""
