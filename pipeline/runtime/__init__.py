"""Processes, tools and machines: what the stages run on."""
