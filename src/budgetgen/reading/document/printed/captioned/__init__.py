"""Tables without the rules that part their cells, put together by the captions that the format has for them.

Each caption of a table is looked for in what is printed below its title, in one line or in several below each other;
nothing else may stand among them. What stands below a caption, or beside it where no other column is left, is its
column; rows are where amounts and codes, or the labels of the format, stand, and names that take several lines are
parted among these in one way only. Where anything is left over, or may be read in two ways, nothing is taken; what is
taken has yet to add up.
"""
