"""The score sheet: rank the bodies of a city by the quality of their reports, with the evidence for each point."""
