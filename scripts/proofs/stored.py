"""The proofs of what is stored: an index that changes, and a graph that is built anew."""

from __future__ import annotations

from proofs import (
    graph_faults,
    graph_full_disk,
    index_faults,
    index_full_disk,
    index_json,
    index_machine,
    index_mutations,
    index_readers,
)
from proofs.proof import Proof

INDEX_PROOFS: tuple[Proof, ...] = (
    index_faults.PROOF,
    index_full_disk.PROOF,
    index_mutations.PROOF,
    index_readers.PROOF,
    index_machine.PROOF,
    index_json.PROOF,
)

GRAPH_PROOFS: tuple[Proof, ...] = (graph_faults.PROOF, graph_full_disk.PROOF)
