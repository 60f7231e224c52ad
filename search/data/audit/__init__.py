"""What in a corpus makes its numbers misleading, or its search harder than it looks."""

from .finding import LIMITS, Audit, Finding, LabelPart, Limit
from .inspection import audit_corpus

__all__ = ["LIMITS", "Audit", "Finding", "LabelPart", "Limit", "audit_corpus"]
