"""What is done to the data, step by step, as something that can be read, kept, changed and done again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.stats.checks import named

FORMAT = 1
#: Every step and its settings. ``structure`` comes first, ``aggregate`` last, ``weigh`` just before it.
STEPS: dict[str, tuple[str, ...]] = {
    "structure": ("without", "weights"),
    "screen": ("known", "not_zero", "keep", "drop"),
    "denominate": ("per",),
    "impute": ("method", "groups"),
    "treat": ("skewness", "kurtosis", "winsorise", "otherwise", "power", "always", "combined", "own"),
    "normalise": ("method", "own", "low", "high", "mean", "sd", "target", "unit", "bottom", "top", "cap", "log"),
    "weigh": ("method", "squared", "level", "importance"),
    "aggregate": ("method", "share", "share_of", "power", "penalty", "least"),
}
#: The order of steps that is not free; screen, denominate, impute and treat go between in any order.
LAST = ("normalise", "weigh", "aggregate")


@dataclass(frozen=True)
class Step:
    """One step with its settings, kept as text so that nothing can change it.

    Attributes
    ----------
    name : str
    text : str
        The settings as JSON with sorted keys; equal text, equal step.
    """

    name: str
    text: str

    @property
    def settings(self) -> dict[str, Any]:
        """A copy of the settings."""
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass(frozen=True)
class Recipe:
    """The steps of an index in order; make it with :func:`recipe`.

    Attributes
    ----------
    steps : tuple of Step
    """

    steps: tuple[Step, ...]

    def __getitem__(self, name: str) -> dict[str, Any]:
        """The settings of a step."""
        for step in self.steps:
            if step.name == name:
                return step.settings
        raise ParameterError(f"The recipe has no step '{name}'.", hint=nearest(name, self.names))

    @property
    def names(self) -> tuple[str, ...]:
        """The steps by name, in order."""
        return tuple(step.name for step in self.steps)

    def change(self, changes: Mapping[str, Any]) -> Recipe:
        """The same with some settings changed.

        Parameters
        ----------
        changes : mapping of address to value
            An address is ``step.setting``, or ``step`` to replace all its settings. ``structure.without`` takes a
            list of codes to leave out, ``structure.weights`` weights by code.

        Returns
        -------
        Recipe

        Raises
        ------
        ParameterError
            If the recipe has no such step, or the step no such setting.

        Examples
        --------
        >>> plain = recipe({"normalise": {"method": "minmax"}, "aggregate": {}})
        >>> plain.change({"normalise": {"method": "rank"}, "aggregate.method": "geometric"}).text("json")
        '{"format": 1, "steps": [{"normalise": {"method": "rank"}}, {"aggregate": {"method": "geometric"}}]}'
        """
        if not isinstance(changes, Mapping) or not all(isinstance(address, str) for address in changes):
            raise ParameterError(
                f"{changes!r} are no changes.", hint="Give a mapping of 'step.setting' to values."
            )
        steps = {step.name: step.settings for step in self.steps}
        if any(address.split(".", 1)[0] == "structure" for address in changes) and "structure" not in steps:
            steps = {"structure": {}, **steps}
        for address, value in changes.items():
            name, _, setting = address.partition(".")
            if name not in steps:
                hint = f"Add it to the recipe first. {nearest(name, steps)}"
                raise ParameterError(f"'{address}': the recipe has no step '{name}'.", hint=hint)
            if setting:
                steps[name][setting] = value
            elif isinstance(value, Mapping):
                steps[name] = dict(value)
            else:
                raise ParameterError(f"'{address}' is {value!r}.", hint="Give a mapping of settings.")
        return recipe(steps)

    def text(self, form: str = "yaml") -> str:
        """The recipe to read and to keep.

        Parameters
        ----------
        form : {"yaml", "json"}

        Returns
        -------
        str

        Raises
        ------
        ParameterError
            If the form is neither.

        Examples
        --------
        >>> print(recipe({"normalise": {"method": "rank"}, "aggregate": {}}).text())
        format: 1
        steps:
        - normalise:
            method: rank
        - aggregate: {}
        """
        content = {"format": FORMAT, "steps": [{step.name: step.settings} for step in self.steps]}
        if form == "json":
            return json.dumps(content, ensure_ascii=False)
        if form == "yaml":
            return _yaml(content)
        raise ParameterError(f"{form!r} is no form of text.", hint=nearest(str(form), ["yaml", "json"]))


def recipe(steps: Mapping[str, Mapping[str, Any]]) -> Recipe:
    """Make a recipe of steps in order.

    ``structure`` (leave codes out, other weights), ``screen``, ``denominate``, ``impute``, ``treat``,
    ``normalise``, ``weigh`` and ``aggregate``; each at most once, with the settings of the function of that name.
    ``impute.groups`` is the code of a column of type ``group``. ``normalise`` and ``aggregate`` must be there; the
    first four after ``structure`` go in any order before ``normalise``.

    Parameters
    ----------
    steps : mapping of name to settings
        Settings are what JSON can hold.

    Returns
    -------
    Recipe

    Raises
    ------
    ParameterError
        If a step or setting is unknown, a step is lacking or out of order, or a setting cannot be written down.

    Examples
    --------
    >>> recipe({"normalise": {"metod": "rank"}, "aggregate": {}})
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.ParameterError: 'normalise' has no setting 'metod'.
    What to do: Did you mean 'method'?
    """
    if not isinstance(steps, Mapping):
        raise ParameterError(
            f"The steps are a {type(steps).__name__}.", hint="Give a mapping of step to settings."
        )
    made = []
    for name, settings in steps.items():
        if name not in STEPS:
            raise ParameterError(f"There is no step '{name}'.", hint=nearest(name, STEPS))
        if not isinstance(settings, Mapping):
            raise ParameterError(f"The settings of '{name}' are {settings!r}.", hint="Give a mapping; {} if none.")
        for setting in settings:
            if setting not in STEPS[name]:
                raise ParameterError(f"'{name}' has no setting '{setting}'.", hint=nearest(setting, STEPS[name]))
        try:
            text = json.dumps(dict(settings), sort_keys=True, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ParameterError(
                f"A setting of '{name}' cannot be written down: {error}.",
                hint="Use text, numbers, lists, mappings.",
            ) from None
        made.append(Step(name, text))
    _need_order([step.name for step in made])
    return Recipe(tuple(made))


def read_recipe(text: str) -> Recipe:
    """Read what :meth:`Recipe.text` wrote, in either form.

    Parameters
    ----------
    text : str

    Returns
    -------
    Recipe

    Raises
    ------
    ParameterError
        If it is no recipe, or of another format.

    Examples
    --------
    >>> kept = recipe({"normalise": {"method": "rank"}, "aggregate": {}})
    >>> read_recipe(kept.text()) == read_recipe(kept.text("json")) == kept
    True
    """
    import yaml

    hint = "Keep recipes with Recipe.text()."
    if not isinstance(text, str):
        raise ParameterError(f"{text!r} is no recipe.", hint=f"Give its text. {hint}")
    try:
        content = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (yaml.YAMLError, json.JSONDecodeError) as error:
        raise ParameterError(f"This is no recipe: {error}", hint=hint) from None
    if (
        not isinstance(content, dict)
        or content.get("format") != FORMAT
        or not isinstance(content.get("steps"), list)
    ):
        raise ParameterError(f"This is no recipe of format {FORMAT}.", hint=hint)
    steps: dict[str, Any] = {}
    for step in content["steps"]:
        if not isinstance(step, dict) or len(step) != 1 or next(iter(step)) in steps:
            raise ParameterError(f"{step!r} is no step, or comes twice.", hint=hint)
        steps.update(step)
    return recipe(steps)


def _yaml(content: object) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def number(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
        # YAML 1.1 reads 1e-06 as text: it wants a point
        mantissa, e, exponent = repr(value).partition("e")
        point = "" if "." in mantissa or not e else ".0"
        return dumper.represent_scalar("tag:yaml.org,2002:float", f"{mantissa}{point}{e}{exponent}")

    Dumper.add_representer(float, number)
    return str(yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True)).rstrip("\n")


def _need_order(names: list[str]) -> None:
    lacking = [name for name in ("normalise", "aggregate") if name not in names]
    if lacking:
        raise ParameterError(f"The recipe lacks {named(lacking)}.", hint="Add the step, with {} for its defaults.")
    tail = [name for name in LAST if name in names]
    if names[-len(tail) :] != tail or "structure" in names[1:]:
        raise ParameterError(
            f"The steps come in the order {named(names)}.",
            hint="'structure' comes first; 'normalise', 'weigh' and 'aggregate' come last.",
        )
