"""Build Documents from drawn pages, for text PDFs and scans: tables from ruling lines, text from placed characters."""
