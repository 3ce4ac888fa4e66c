"""Publish: what people open."""
