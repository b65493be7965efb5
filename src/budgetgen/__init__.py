"""budgetgen: a budget disclosure from a filled workbook.

The way of a budget through the package: `reading` makes a Book out of a file, `derivation` fills what the
edition's relations determine, `checking` finds what contradicts them, `figures` and `narrative` phrase it,
`disclosure` puts the document together and `writing` renders it. `pipeline` holds one function per command.
"""
