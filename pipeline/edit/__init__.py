"""Edit: test the statutory identities, and apply what people decided. No number is changed silently."""
