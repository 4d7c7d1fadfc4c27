"""Small SSDA903 returns to try the reader on."""

from datetime import date
from pathlib import Path

from virtual_school.exchange.readers.return_rows import Return
from virtual_school.exchange.readers.ssda903 import read

TODAY = date(2026, 11, 24)
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
ONE_CHILD = f"{HEADER}\n0012,F,27/03/2016,WBRI,P207000016049,,\n"
ONE_EPISODE = f"{EPISODES}\n0012,15/02/2024,S,C2,N1,U4,PR1,,,,S1 1AA,S2 2BB,SC123456\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_these(folder: Path, **tables: str | bytes) -> Return:
    """The return made of header=..., episodes=... and so on, each the text of a CSV file."""
    files = [write(folder, f"{name}.csv", content) for name, content in tables.items()]
    return read(files, TODAY)


def episode(folder: Path, *rows: str, header: str = ONE_CHILD) -> Return:
    return read_these(folder, header=header, episodes="\n".join((EPISODES, *rows)))


def children(folder: Path, *rows: str) -> Return:
    return read_these(folder, header="\n".join((HEADER, *rows)))
