"""Presets trained alone and beside each other, recorded as trials are."""
