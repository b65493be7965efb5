"""What is suspect in a text by itself: leftovers, slips, words misspelt or that sound like others, documents cited."""
