"""What a corpus holds that makes its numbers lie, or its search harder than it looks."""

from .finding import LIMITS, Audit, Finding, LabelPart, Limit
from .inspect import audit

__all__ = ["LIMITS", "Audit", "Finding", "LabelPart", "Limit", "audit"]
