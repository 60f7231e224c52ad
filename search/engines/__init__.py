"""Who proposes trials, and all of Optuna: the store of studies, sampling, pruning, recovery."""
