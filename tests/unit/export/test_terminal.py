from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from imr_nlp.view.terminal import plain_text, print_determination

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(determination, width=80):
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=width, color_system="standard")
    print_determination(determination, console)
    return file.getvalue()


def test_everything_that_was_found_is_shown(full):
    text = " ".join(plain_text(full).split())
    for expected in (
        "a.pdf",
        "CM16-0000001",
        "PARTIALLY OVERTURNED",
        "Texas, California",
        "Pain Management",
        "knee pain",
        "2011-04-08",
        "Issue 1 of 3: UPHELD",
        "Requested Norco 10/325mg #120",
        "Authorized Norco 10/325mg #60",
        "Norco (brand, opioids): strength 10/325mg, form tablets, dose 1 tab, route orally, "
        "frequency every 6 hours, duration for 30 days, quantity #120, refills with 2 refills",
        "MTUS Chronic Pain Medical Treatment Guidelines 2009: Opioids, criteria for use, Weaning, "
        "p. 76-80, 124",
        "necessary CONTRADICTS THE DECISION",
        "opioid monitoring lacking (primary) 0.75",
        '"No pill count is on file."',
        "in a compound",
        "Issue 3 of 3: OVERTURNED",
        "Retrospective yes",
        "Date of service 2016-10-01",
        "Sessions 6",
        "Body parts left knee",
        "Reviewer guideline other",
        "Claims guideline none cited",
        "no_header The header block is missing.",
    ):
        assert expected in text
    assert text.count("CONTRADICTS") == 1


def test_what_was_not_found_is_left_out(bare):
    text = plain_text(bare)
    assert "None" not in text
    assert "Reviewer" not in text
    assert "Injured worker" not in text
    assert "Issues" in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_fit(full, hostile, width):
    for found in (full, hostile):
        assert max(map(len, plain_text(found, width=width).splitlines())) <= width
        shown = ESCAPE.sub("", on_terminal(found, width))
        assert max(len(line) for line in shown.splitlines()) <= width


def test_a_terminal_gets_panels_and_colours(full):
    shown = on_terminal(full)
    assert "╭" in shown
    assert "\x1b[1;31mUPHELD" in shown
    assert "\x1b[1;32mOVERTURNED" in shown
    assert "\x1b[1;33mPARTIALLY OVERTURNED" in shown


def test_plain_text_has_no_escapes_and_no_trailing_space(full, hostile):
    for found in (full, hostile):
        text = plain_text(found)
        assert "\x1b" not in text
        assert "╭" not in text
        assert all(line == line.rstrip() for line in text.splitlines())
        assert text.endswith("\n")


def test_a_letter_cannot_steer_the_terminal(hostile):
    hostile.id = "\x1b]0;title\x07\x9b2J\u202egpj.exe"
    hostile.issues[0].item = "[bold]Knee[/] [link=http://x]brace :smile: \x1b[2J"
    shown = on_terminal(hostile)
    assert "[bold]Knee[/] [link=http://x]brace :smile: [2J" in ESCAPE.sub("", shown)
    assert not re.search("[\x07\x9b\u202e]", shown)
    assert "\x1b" not in ESCAPE.sub("", shown)


def test_a_file_gets_plain_text(full):
    file = io.StringIO()
    print_determination(full, Console(file=file, width=80))
    assert file.getvalue() == plain_text(full)
