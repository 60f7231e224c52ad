"""Read a workbook of Excel. Owns which of its sheets is read; cells come as CSV has them."""

import io

import pandas as pd

from ...errors import DataError
from .grid import Grid
from .written_lists import write_single

MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of .xlsx (a zip file) and of .xls."""


def read_workbook(content: bytes) -> tuple[Grid, str]:
    """Read the first sheet that holds rows, and say in words which that is.

    Raises:
        DataError: it is no workbook, or has no rows.
    """
    try:
        sheets = pd.read_excel(
            io.BytesIO(content),
            sheet_name=None,
            header=None,
            dtype=object,
            engine="calamine",
            keep_default_na=False,
            na_values=[""],
        )
    # calamine raises errors of its own, of which none is a ValueError; a password is one of them.
    except Exception as error:
        message = f"expected a workbook of Excel, but it cannot be read ({error})"
        raise DataError(message, "Save it again without a password, or as CSV.") from error
    for name, frame in sheets.items():
        if len(frame):
            grid = Grid()
            filled = frame.dropna(how="all").astype(object)
            grid.extend([[write_single(cell) for cell in row] for row in filled.to_numpy()])
            others = f" (of {len(sheets)})" if len(sheets) > 1 else ""
            return grid, f"Excel, sheet {name!r}{others}"
    raise DataError("expected rows, found an empty workbook", "Check the file.")
