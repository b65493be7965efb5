"""A PDF as the paragraphs and tables of a document, as `blocks` gives those of a Word document.

What takes PDFs apart is not at its own mercy: it works in a process of its own, with so much time and memory.
"""

from budgetgen.reading.document.pdf.reader import pdf_blocks

__all__ = ["pdf_blocks"]
