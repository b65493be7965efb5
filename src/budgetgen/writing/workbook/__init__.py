"""The workbook: blank, filled, with live formulas and the sheet that checks while the clerk types."""
