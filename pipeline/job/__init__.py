"""The batch job: plan a snapshot, build it, publish it; and the check of single reports."""
