"""Search, confirm, export and predict from Python.

Run it as `python examples/python_interface.py [FILE]`, where FILE is a table with texts and labels,
or the name of a corpus. Without FILE it uses the generated synopses, which need no download.
"""

import sys

import search


def main(source: str) -> None:
    """Search a small space, look at what was found, and predict with the best network."""
    corpus = search.open_corpus(source)
    print(f"{corpus.name}: {len(corpus.texts):,} texts, {len(corpus.label_names)} labels")

    study = search.Study(None, corpus, space="smoke", epochs=2, target=None)
    study.search(trials=2, on_message=print, on_event=print)
    for trial in study.trials:
        print(trial)
    print(study.frame()[["name", "state", "value", "f1_macro"]])

    study.confirm(1, on_message=print)
    best = study.best
    if best is None:
        raise SystemExit("no trial is complete")
    print(f"best: {best.label} with {best.value:.4f}")

    report = study.export("example-winner", force=True)
    print(f"test loss: {report.test_metrics['loss']:.4f}")
    winner = search.load("example-winner")
    for prediction in winner.predict(["A detective hunts a killer through the rain."]):
        print(prediction.labels, list(prediction.probabilities.items())[:3])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "synopses")
