"""The way out: Books and Disclosures into files. Nothing else knows the formats of files that are written."""
