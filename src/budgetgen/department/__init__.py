"""The Books of units into the Book of their department, each sum knowing its parts.

`admission` says which files fit together, `merging` adds up and lines up, `drafts` gathers texts, `transfers`
takes out what units pay each other, `department` puts it all together; `balance` checks it afterwards.
"""
