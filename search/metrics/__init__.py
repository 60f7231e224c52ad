"""From probabilities and labels to numbers: losses, thresholds, F1s, per-label scores."""
