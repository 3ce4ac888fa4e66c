"""Layout: what the readers of drawn pages share: lines to lattices, characters to prose, tables over pages."""
