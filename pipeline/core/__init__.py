"""The values that every stage shares, the messages about them, and the decisions on them."""
