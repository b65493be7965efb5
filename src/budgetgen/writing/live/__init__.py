"""The sheet 校验: relations as formulas that tell while the clerk types."""
