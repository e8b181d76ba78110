"""Documents to passages to one searchable, checksummed generation on disk.

`Index.build` and `Index.open` in `factcheck.index.index` are the doors.
"""
