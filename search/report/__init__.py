"""What a study came to, for a person or a program: the leaderboard and the summary."""
