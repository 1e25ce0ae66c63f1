"""What a recording is, told from its headers alone: pure Python, bounded, and light enough for the process that takes slices in."""

from openekyc.containers.look import Finding, examine, look, signature

__all__ = ["Finding", "examine", "look", "signature"]
