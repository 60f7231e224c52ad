"""The command line: parse, call the Python interface, print. Owns exit codes.

Nothing heavy is imported before a command runs: `--help` loads click alone.
"""

import os
import sys

import click

from .. import __version__
from ..errors import SearchError
from ..training.quiet import quiet_dependencies
from .best import best
from .compare import compare
from .data import data
from .methods import methods
from .predict import predict
from .problems import word_problem
from .search import search
from .spaces import spaces
from .study import study
from .train import train
from .trials import trials


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(__version__, prog_name="genre-search")
def cli() -> None:
    """Search the hyperparameters of recurrent text classifiers; every trial goes to MLflow.

    \b
    Example:
        genre-search search --data movies.csv --trials 20
        genre-search best --export winner
        genre-search predict --model winner "A detective hunts a killer through the rain."
    """


for command in (search, trials, best, study, train, compare, predict, spaces, methods, data):
    cli.add_command(command)


def main() -> None:
    """Run the command line: exit 0 done, 1 an error the user can fix, 2 usage, 130 interrupted."""
    quiet_dependencies()
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except SearchError as error:
        message, hint = word_problem(error, cli, sys.argv[1:])
        click.echo(f"error: {message}\n{hint}".rstrip(), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader, such as `head`, closed the pipe; Python would write to it again at its end.
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
