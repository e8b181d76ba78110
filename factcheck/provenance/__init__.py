"""What proves that a file is the one that was written: hashes, manifests, atomic publication.

An index and a graph are kept alike. Their folder, the root, holds numbered generations that never change:

    CURRENT             `gen-N <SHA-256 of its manifest>` and a newline, nothing else
    gen-N/              what readers open; gen-(N-1) stays for readers that came just before, an older one while held
      manifest.json     kind, schema, and size and SHA-256 of every other file of the generation
    .lock               held by the one writer
    .building-…         a generation in the making; a reader ignores it, the next writer removes it
    .scratch/           what a killed build left for the next one to go on from

A manifest proves integrity, not origin: who can write the folder can write a manifest that fits.
"""

from factcheck.provenance.arrays import save_array
from factcheck.provenance.disk import whole_file
from factcheck.provenance.holding import Hold
from factcheck.provenance.manifest import (
    CURRENT,
    LARGE_FILE_BYTES,
    LOCK,
    MANIFEST,
    SCRATCH,
    ArtefactKind,
    FileEntry,
    Generation,
    Manifest,
    sha256_bytes,
    sha256_file,
    sha256_text,
    storage_error,
)
from factcheck.provenance.reading import open_generation
from factcheck.provenance.writing import Staging, publish, publish_next

__all__ = [
    "CURRENT",
    "LARGE_FILE_BYTES",
    "LOCK",
    "MANIFEST",
    "SCRATCH",
    "ArtefactKind",
    "FileEntry",
    "Generation",
    "Hold",
    "Manifest",
    "Staging",
    "open_generation",
    "publish",
    "publish_next",
    "save_array",
    "sha256_bytes",
    "sha256_file",
    "sha256_text",
    "storage_error",
    "whole_file",
]
