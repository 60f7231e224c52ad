"""Names that MLflow allows for metrics. Owns the rule for labels with other characters."""

import re
from collections.abc import Sequence

_MAX_LENGTH = 200
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_\-./: ]")


def metric_names(prefix: str, labels: Sequence[str]) -> dict[str, str]:
    """Give each label a metric name below a prefix, all different: "f1/Sci-Fi _ Fantasy".

    MLflow allows letters, digits, `_ - . / : space` and 250 of them (MLflow 3.17), and refuses
    paths that leave their folder; every other character, and a slash, becomes "_", and long labels
    are cut. Labels that would be the same get " 2", " 3" in their order.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in labels:
        base = _FORBIDDEN.sub("_", label.replace("/", "_"))[:_MAX_LENGTH].strip(" .") or "_"
        name, count = base, 1
        while name.casefold() in taken:
            count += 1
            name = f"{base} {count}"
        taken.add(name.casefold())
        names[label] = f"{prefix}/{name}"
    return names
