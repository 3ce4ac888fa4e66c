"""Fill a statutory form from the published data and write it as DOCX, XLSX, HTML or PDF."""
