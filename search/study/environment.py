"""What a study ran on. Owns the facts by which a result can be placed and obtained again."""

import os
import platform
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from .. import __version__

_PACKAGES = ("keras", "tensorflow", "optuna", "mlflow", "numpy", "pandas", "scikit-learn")


@cache
def environment() -> Mapping[str, str]:
    """Collect versions, machine and, in a checkout, the commit, as they are when first asked."""
    facts = {
        "genre-search": __version__,
        "python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
        "backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    commit = _git_commit()
    return MappingProxyType(facts | ({"git_commit": commit} if commit else {}))


def _git_commit() -> str | None:
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
