"""The command line: parse, call the pipeline, print. Owns exit codes and how errors are told.

Nothing heavy is imported before a command runs: `--help` loads click alone.
"""

import os
import sys

import click

from .. import __version__
from ..errors import SearchError
from .best import best
from .compare import compare
from .data import data
from .methods import methods
from .predict import predict
from .search import search
from .spaces import spaces
from .study import study
from .train import train
from .trials import trials


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="genre-search")
def cli() -> None:
    """Search the hyperparameters of recurrent text classifiers; every trial goes to MLflow.

    \b
    Example:
        genre-search search --data movies.csv --trials 20
        genre-search best --export winner
        genre-search predict --model winner "A detective hunts a killer through the rain."
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart


for command in (search, trials, best, study, train, compare, predict, spaces, methods, data):
    cli.add_command(command)


def main() -> None:
    """Run the command line: exit 0 done, 1 an error the user can mend, 2 usage, 130 interrupted."""
    _quiet_dependencies()
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except SearchError as error:
        click.echo(f"error: {error.message}", err=True)
        if error.hint:
            click.echo(error.hint, err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader, such as `head`, has enough; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        # A full disk, a folder that cannot be written: the system says what is wrong.
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)


def _quiet_dependencies() -> None:
    """Keep the dependencies from calling home and from logging, unless the user said otherwise."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
