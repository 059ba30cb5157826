"""One incident written by hand: the same rules as for a file, and nobody's words overwritten."""

from geoapp.by_hand.check import Checked, Fault, as_csv, check
from geoapp.by_hand.merge import Piece, combined, merged, three_way
from geoapp.by_hand.save import Form, Met, Saved, save
from geoapp.by_hand.sheet import Sheet, blank_sheet, sheet_of

__all__ = [
    "Checked",
    "Fault",
    "Form",
    "Met",
    "Piece",
    "Saved",
    "Sheet",
    "as_csv",
    "blank_sheet",
    "check",
    "combined",
    "merged",
    "save",
    "sheet_of",
    "three_way",
]
