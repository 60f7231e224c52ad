"""The colours of all figures. Owns no other part of their look."""

# Distinguishable with any colour blindness: Okabe and Ito, Color Universal Design (2008).
BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
ORANGE = "#E69F00"
PURPLE = "#CC79A7"
GREY = "#6E6E6E"
INK = "#222222"
