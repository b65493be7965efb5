"""The Word document, and its template."""
