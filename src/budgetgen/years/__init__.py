"""From one year to the next: last year's file, next year's workbook, reasons for what changed."""
