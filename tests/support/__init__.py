"""What tests share: made documents, browsers, faults, oracles."""
