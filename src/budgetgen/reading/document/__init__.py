"""Published documents, read with the wording and the tables that write them."""
