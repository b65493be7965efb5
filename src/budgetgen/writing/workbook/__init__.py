"""The workbook: blank, filled, with live formulas."""
