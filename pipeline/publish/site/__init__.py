"""The static site: pages that open from a folder by double-click, without a server or a network."""
