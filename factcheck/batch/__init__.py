"""Many texts: readers, the ledger that is the truth of a run, the engines that verify, and what is derived from it.

    IN ─ read ─► rows ─ register ─► ledger ─ engine ─► ledger ─ write ─► OUT

`factcheck.batch.run` is that line. Rows are registered before they are verified and their results are committed batch
by batch, so that a process that dies at any moment leaves a ledger that the next one goes on from.
"""
