"""Who reports, and under which code: bodies, regions, and what became of them."""
