"""`data/raw`: the reports as they came in, and which report is whose."""
