"""What could have been done otherwise: the choices that an analysis of uncertainty varies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import Floats, named
from ogp_analysis.stats.composite.data_check import is_number, need_list

#: How many sets of noisy weights stand ready to be drawn from.
SETS = 4096


@dataclass(frozen=True)
class Choice:
    """One decision with its options, all equally likely.

    Attributes
    ----------
    name : str
    options : tuple of mapping
        Each a set of changes as for :meth:`~ogp_analysis.stats.composite.recipe.Recipe.change`; an empty one
        leaves the recipe as it is. Options that belong together, such as a scale and a mean, go into one.

    Examples
    --------
    >>> Choice.of("normalise.method", ["minmax", "rank"]).options[1]
    {'normalise.method': 'rank'}
    """

    name: str
    options: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, address: str, values: Iterable[Any], name: str = "") -> Choice:
        """A choice between values of one setting, or of all settings of a step."""
        return cls(name or address, tuple({address: value} for value in values))

    @classmethod
    def leaving_out(cls, codes: Iterable[str], name: str = "left_out", always: Sequence[str] = ()) -> Choice:
        """A choice between leaving nothing out and leaving out one of these codes; ``always`` are out anyway.

        Examples
        --------
        >>> Choice.leaving_out(["a"]).options
        ({}, {'structure.without': ['a']})
        """
        need_list(codes, "codes")
        return cls(name, ({}, *({"structure.without": [*always, code]} for code in codes)))


@dataclass(frozen=True)
class Span:
    """A setting that could be any number between two, all equally likely.

    Attributes
    ----------
    address : str
        ``step.setting``, such as ``aggregate.power``.
    low, high : float
    """

    address: str
    low: float
    high: float

    @property
    def name(self) -> str:
        """The address."""
        return self.address


@dataclass(frozen=True)
class Noise:
    """Weights that could all be somewhat different.

    Each weight is multiplied by a number of its own, drawn evenly from ``1 - spread`` to ``1 + spread`` (the noisy
    weights of COINr). Whether enough is known of an aggregate is judged by the weights without noise.

    Attributes
    ----------
    spread : float
        Above 0 and below 1.
    levels : tuple of int
        Whose weights; all levels if empty.
    name : str
    """

    spread: float = 0.25
    levels: tuple[int, ...] = ()
    name: str = "weights"


Uncertain = Choice | Span | Noise


def need_choices(choices: Sequence[Uncertain]) -> None:
    """Refuse choices that cannot be drawn from.

    Raises
    ------
    ParameterError
        If there are none, two have one name or touch one setting, or one has no options or no width.

    Examples
    --------
    >>> need_choices([Choice.of("normalise.method", [])])
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: The choice 'normalise.method' has no options.
    What to do: Give at least one.
    """
    hint = "Give a list of Choice, Span or Noise."
    if not isinstance(choices, Sequence):
        raise ParameterError(f"The choices are {choices!r}.", hint=hint)
    for each in choices:
        if not isinstance(each, (Choice, Span, Noise)):
            raise ParameterError(f"{each!r} is no choice.", hint=hint)
    if not choices:
        raise ParameterError("There are no choices to vary.", hint="Give at least one Choice, Span or Noise.")
    names = [choice.name for choice in choices]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ParameterError(f"Several choices are called {named(twice)}.", hint="Give each a name of its own.")
    for choice in choices:
        _need_drawable(choice)
    _need_apart(choices)


def _need_drawable(choice: Uncertain) -> None:
    """Refuse a choice without options or width."""
    if isinstance(choice, Noise):
        if not (is_number(choice.spread) and 0 < choice.spread < 1):
            raise ParameterError(f"The spread {choice.spread} of '{choice.name}'.", hint="0.25 is ±25%.")
        if not isinstance(choice.levels, (tuple, list)):
            raise ParameterError(
                f"The levels of '{choice.name}' are {choice.levels!r}.", hint="Write (1,) for one."
            )
    elif isinstance(choice, Span):
        if not (_is_finite(choice.low) and _is_finite(choice.high) and choice.low < choice.high):
            raise ParameterError(
                f"'{choice.name}' goes from {choice.low!r} to {choice.high!r}.",
                hint="Give two numbers, the smaller one first.",
            )
    elif not choice.options:
        raise ParameterError(f"The choice '{choice.name}' has no options.", hint="Give at least one.")
    elif not all(isinstance(option, Mapping) for option in choice.options):
        raise ParameterError(
            f"An option of '{choice.name}' is no set of changes.", hint="Give mappings, or use Choice.of."
        )


def _is_finite(value: object) -> bool:
    return is_number(value) and bool(np.isfinite(value))


def _need_apart(choices: Sequence[Uncertain]) -> None:
    """Refuse choices of which two set the same thing: what is drawn later would undo what is drawn first."""
    touched: dict[str, str] = {}
    for choice in choices:
        settings = _addresses(choice)
        for setting in sorted(settings):
            for other, owner in touched.items():
                if setting == other or other == setting.split(".")[0] or setting == other.split(".")[0]:
                    raise ParameterError(
                        f"'{owner}' and '{choice.name}' both set '{setting}'.",
                        hint="Put the combinations that make sense into the options of one Choice.",
                    )
        touched.update(dict.fromkeys(settings, choice.name))


def _addresses(choice: Uncertain) -> set[str]:
    """The settings that a choice changes; noise is on weights, and changes none."""
    if isinstance(choice, Choice):
        return {address for option in choice.options for address in option}
    return {choice.address} if isinstance(choice, Span) else set()


def option_number(choice: Choice, u: Floats) -> Any:
    """Which option each number from 0 to 1 stands for."""
    return np.minimum((u * len(choice.options)).astype(np.int64), len(choice.options) - 1)


def span_value(span: Span, u: Floats) -> Floats:
    """Which value each number from 0 to 1 stands for."""
    return np.asarray(span.low + (span.high - span.low) * u)


def noise_factors(codes: Iterable[str], seed: int, position: int, spread: float) -> dict[str, Floats]:
    """The factor of every code in each set of noisy weights; a code's own do not depend on the others."""
    factors = {}
    for code in codes:
        label = np.frombuffer(code.encode(), dtype=np.uint8)
        draw = np.random.default_rng([seed, position, len(label), *label.tolist()])
        factors[code] = 1.0 + spread * (2.0 * draw.random(SETS) - 1.0)
    return factors


def label_of(option: Mapping[str, Any]) -> str:
    """An option as short text.

    Examples
    --------
    >>> label_of({"normalise.method": "rank"}), label_of({})
    ('{"normalise.method": "rank"}', '{}')
    """
    return json.dumps(dict(option), sort_keys=True, ensure_ascii=False)
