"""What a network has to beat: other models, fitted on the same texts."""
