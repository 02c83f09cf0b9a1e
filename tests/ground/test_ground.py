"""What everything stands on, for any input: signs, quarters, days, YAML, bytes of files."""

from __future__ import annotations

import contextlib
import itertools
import string
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.dates import add_months, elapsed_share, succession_faults
from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError, Problem, nearest, shortened
from ogp_analysis.intake import read_whole
from ogp_analysis.plainyaml import DEEPEST, read_yaml, twice
from ogp_analysis.quarter import FIRST_YEAR, LAST_YEAR, Quarter, Span
from ogp_analysis.signs import posing, sign_problem, suspect, visible

QUICK = settings(max_examples=150)
ANY = st.text(st.characters(), max_size=30)  # surrogates, controls and unassigned signs too
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
QUARTERS = st.builds(Quarter, st.integers(FIRST_YEAR, LAST_YEAR), st.integers(1, 4))
CYRILLIC = {
    "a": "а",
    "c": "с",
    "e": "е",
    "o": "о",
    "p": "р",
    "x": "х",
    "i": "і",
    "s": "ѕ",
    "T": "Т",
    "M": "М",
    "K": "К",
}
LATIN_NAMES = st.text(string.ascii_letters, min_size=2, max_size=10)


@contextlib.contextmanager
def refusal(kind: type[OgpAnalysisError], file: str = "") -> Iterator[None]:
    """What happens inside succeeds, or is refused with this kind of error, a hint and the name of the file."""
    try:
        yield
    except kind as error:
        said = str(error)
        if not error.hint or file not in said:
            pytest.fail(f"refused without saying what to do or where: {said}")


# signs


@QUICK
@given(ANY)
def test_what_is_shown_is_visible_says_the_same_again_and_keeps_plain_text(text):
    shown = visible(text)
    assert all(unicodedata.category(sign)[0] != "C" or sign in "\n\t" for sign in shown)
    assert visible(shown) == shown
    assert "".join(sign for sign in text if " " <= sign <= "~") == text.encode(
        "ascii", "ignore"
    ).decode().translate(dict.fromkeys([*range(32), 127]))
    if all(" " <= sign <= "~" for sign in text):
        assert shown == text


@QUICK
@given(ANY, st.booleans())
def test_a_quick_look_misses_nothing_and_prose_may_hold_more(text, prose):
    assert sign_problem(text, prose=prose) is None or suspect(text)
    if sign_problem(text) is None:
        assert sign_problem(text, prose=True) is None


@QUICK
@given(LATIN_NAMES, st.sampled_from("\u200b\u202e\u2066\x00\x1b\ue000\ufeff"), st.data())
def test_an_invisible_character_is_found_wherever_it_stands(name, sign, data):
    at = data.draw(st.integers(0, len(name)))
    assert f"U+{ord(sign):04X}" in (sign_problem(name[:at] + sign + name[at:]) or "")


@QUICK
@given(st.lists(LATIN_NAMES, max_size=6), st.text("".join(CYRILLIC), min_size=2, max_size=8), st.booleans())
def test_a_name_that_only_looks_latin_is_refused_among_latin_ones_and_at_home_among_its_own(names, latin, home):
    posed = "".join(CYRILLIC[letter] for letter in latin)
    beside = ["Жмеринка"] if home else []
    found = posing([*names, posed, *beside])
    assert set(found) == ({posed} if names and not home else set())
    assert posing([posed, *beside, *reversed(names)]) == found
    assert posing([*names, latin, *beside]) == {}  # the same in Latin letters hides nothing


@QUICK
@given(st.sets(ANY, max_size=6))
def test_whoever_poses_is_one_of_the_texts_and_never_in_ascii(texts):
    found = posing(texts)
    assert set(found) <= texts
    assert not any(text.isascii() for text in found)
    assert posing(sorted(texts)) == found


# quarters and spans


@QUICK
@given(QUARTERS)
def test_a_quarter_is_read_as_it_is_written_and_its_days_are_its_own(quarter):
    assert Quarter.parse(str(quarter)) == quarter == Quarter.parse(f" {str(quarter).lower()} ")
    assert quarter.next().previous() == quarter == quarter.previous().next()
    assert quarter.last_day + timedelta(days=1) == quarter.next().first_day
    assert Quarter.of(quarter.first_day) == Quarter.of(quarter.last_day) == quarter
    assert 90 <= (quarter.last_day - quarter.first_day).days + 1 <= 92


@QUICK
@given(QUARTERS, QUARTERS)
def test_quarters_have_the_order_of_their_days(one, other):
    assert (one < other) == (one.first_day < other.first_day) == (one.last_day < other.last_day)


@QUICK
@given(st.one_of(ANY, st.none(), st.integers(), st.floats(), st.text("0123456789Qq ", max_size=8)))
def test_what_is_no_quarter_is_refused_in_words(value):
    with refusal(ParameterError):
        assert str(Quarter.parse(value)) == str(value).strip().upper()


@QUICK
@given(DAYS, DAYS, st.sampled_from(("%Y", "%Y-%m", "%Y-%m-%d")))
def test_a_span_holds_its_day_and_a_range_both_its_ends(one, other, form):
    first, last = sorted((one, other))
    span = Span.parse(first.strftime(form))
    assert span.first <= first <= span.last
    months = {"%Y": 12, "%Y-%m": 1}.get(form)
    assert span.last == (add_months(span.first, months) - timedelta(days=1) if months else first)
    both = Span.parse(f"{first.strftime(form)}/{last.strftime(form)}")
    assert (both.first, both.last) == (span.first, Span.parse(last.strftime(form)).last)


@QUICK
@given(st.one_of(ANY, st.text("0123456789-/ ", max_size=22)))
def test_what_is_no_span_is_refused_in_words(text):
    with refusal(ParameterError):
        span = Span.parse(text)
        assert span.first <= span.last


# days


@QUICK
@given(DAYS, st.integers(-600, 600), st.integers(-600, 600))
def test_months_add_up_except_where_a_shorter_month_cuts_the_day(day, months, more):
    on = add_months(day, months)
    assert (on.year - day.year) * 12 + on.month - day.month == months
    assert on.day == min(day.day, monthrange(on.year, on.month)[1])
    if day.day <= 28:
        assert add_months(on, more) == add_months(day, months + more)


@QUICK
@given(st.lists(DAYS, min_size=4, max_size=4))
def test_the_share_that_has_passed_grows_from_nought_to_one(days):
    (first, last), (one, other) = sorted(days[:2]), sorted(days[2:])
    assert 0 <= elapsed_share(first, last, one) <= elapsed_share(first, last, other) <= 1
    assert elapsed_share(first, last, last) == 1
    assert elapsed_share(first, last, first - timedelta(days=1)) == 0


@QUICK
@given(st.lists(DAYS, min_size=2, max_size=6, unique=True), st.randoms(use_true_random=False), st.integers(1, 50))
def test_the_order_of_versions_does_not_matter_and_a_gap_is_counted(cuts, random, gap):
    cuts = sorted(cuts)
    versions = [(f"v{n}", a, b - timedelta(days=1)) for n, (a, b) in enumerate(itertools.pairwise(cuts))]
    shuffled = random.sample(versions, len(versions))
    assert succession_faults(shuffled) == succession_faults(versions) == []
    later = [*shuffled, ("late", cuts[-1] + timedelta(days=gap), None)]
    assert [f"a gap of {gap} day" in fault for fault in succession_faults(later)] == [True]


# messages


@QUICK
@given(ANY, ANY, st.lists(ANY, max_size=4))
def test_a_message_hides_nothing_and_stays_short(text, column, options):
    problem = Problem("x.csv", 2, column, text * 50, nearest(text, options))
    for error in (DataError([problem] * 30, hint=text or "x"), OgpAnalysisError(text, hint=column)):
        assert all(unicodedata.category(sign)[0] != "C" or sign in "\n\t" for sign in str(error))
    assert len(shortened(text * 50)) <= 120
    assert f"and {30 - DataError.SHOWN} more" in str(DataError([problem] * 30))


@QUICK
@given(st.lists(st.text(string.ascii_lowercase, min_size=3, max_size=8), min_size=1, unique=True), st.data())
def test_what_is_spelt_right_but_for_its_case_is_named(options, data):
    option = data.draw(st.sampled_from(options))
    assert nearest(option.upper(), options) == f"Did you mean '{option}'?"


# YAML

KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=6)
TREES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4))
def test_yaml_that_a_program_wrote_is_read_as_it_was(tree):
    text = yaml.safe_dump(tree, default_style='"', allow_unicode=True)
    node = read_yaml("x.yaml", text.replace("!!str ", ""))
    assert yaml.SafeLoader("").construct_document(node) == tree
    assert twice(node) == []


@QUICK
@given(st.one_of(ANY, st.text("ab:-[]{}&*!|>?'\"#%@ \n\t", max_size=40)))
def test_any_other_text_is_read_or_refused_in_words(text):
    with refusal(DataError, "x.yaml"):
        node = read_yaml("x.yaml", text)
        assert node is None or twice(node) is not None


@given(KEYS, st.integers(1, DEEPEST + 5))
@QUICK
def test_what_comes_twice_is_found_at_any_depth_and_depth_has_an_end(key, depth):
    text = (
        "".join(f"{'  ' * n}{key}{n}:\n" for n in range(depth)) + f"{'  ' * depth}{key}: 1\n{'  ' * depth}{key}: 2"
    )
    if depth + 1 > DEEPEST:
        with pytest.raises(DataError, match=f"a depth of {DEEPEST}"):
            read_yaml("x.yaml", text)
        return
    (again,) = twice(read_yaml("x.yaml", text))
    assert (again.value, again.start_mark.line) == (key, depth + 1)


# files


@QUICK
@given(st.binary(max_size=200), st.integers(0, 200))
def test_a_file_is_read_whole_or_refused_by_its_size(tmp_path_factory, data, largest):
    path: Path = tmp_path_factory.getbasetemp() / "whole.bin"
    path.write_bytes(data)
    if len(data) <= largest:
        assert read_whole(path, largest=largest) == data
    else:
        with pytest.raises(DataError, match=r"whole\.bin"):
            read_whole(path, largest=largest)
    assert path.read_bytes() == data
