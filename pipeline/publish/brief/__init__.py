"""One A4 page for the leader about a city and year (领导参阅), as a Word file and as PDF."""
