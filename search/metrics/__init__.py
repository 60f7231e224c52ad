"""From probabilities and labels to numbers: losses, thresholds, F1s, scores of each label."""
