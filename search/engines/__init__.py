"""Who proposes trials: samplers and pruners of Optuna, tuners of KerasTuner. Knows no training."""
