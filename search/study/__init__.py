"""The loop of a study: objective, budget, target, resume. Engine and tracker are protocols."""
