"""The results of a study, for a person or a program: leaderboard, summary, comparison, pages."""
