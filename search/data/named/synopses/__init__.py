"""The embedded corpus: synthetic film synopses from a small grammar, with 82 genre labels.

No film behind these texts exists: plots, people and labels are drawn at random from hand-written
word lists, so that an example and a benchmark need no download, and so that the best loss that any
model can reach is known. Of a real catalogue the corpus has the shape (82 labels with a long tail,
3.25 a text, label noise), not the language; skill on it says nothing about real synopses.

Every true label leaves a cue in the text. For about two fifths of the labels in the texts the cue
is a word; for the others it is the order of two words within a sentence, which no bag of words
sees. The observed labels are the true ones with independent errors at known rates.
"""
