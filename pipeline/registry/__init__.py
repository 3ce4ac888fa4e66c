"""The registers: which bodies report and under which ids, which region codes exist, and how both change over the years.

`bodies` defines the register of bodies, `parse` and `load` read it; `regions` and `lineage` read the code table GB/T
2260.
"""
