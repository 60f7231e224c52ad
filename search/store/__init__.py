"""The database of studies: Optuna's storage, which has every trial whoever proposes it."""
