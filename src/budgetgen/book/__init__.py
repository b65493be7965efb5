"""What is worked out within one Book: where rows belong, what the relations fill, the figures of the narrative."""
