"""What a network has to beat: models that are no networks, fitted on the same texts."""
