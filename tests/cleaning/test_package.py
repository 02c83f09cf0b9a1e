from __future__ import annotations

import subprocess
import sys

import pytest

from ogp_analysis import cleaning


def test_every_public_name_exists_and_is_documented() -> None:
    for name in cleaning.__all__:
        assert getattr(cleaning, name).__doc__, name
    assert dir(cleaning) == cleaning.__all__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cleaning.nothing


def test_using_one_name_does_not_load_the_others() -> None:
    code = (
        "import sys; from ogp_analysis.cleaning import parse_date; "
        "print([n for n in sys.modules if n.endswith('cleaning.names') or 'rapidfuzz' in n])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
