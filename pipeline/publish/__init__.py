"""Make what people open: pages about checked reports, filled forms, the site, exports; and upload the snapshot."""
