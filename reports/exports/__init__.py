"""The report in other forms, one module a format: Word, workbook, CSV."""
