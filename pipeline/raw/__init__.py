"""`data/raw`: the reports as published, and the manifest that says which body each belongs to."""
