"""The changes between two files: workbook, page, comments."""
