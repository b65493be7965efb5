"""What is published beside the Word document: a web page, open data, and what the files are known by."""
