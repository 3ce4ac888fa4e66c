"""The nouns that every stage shares, and what is said and decided about them."""
