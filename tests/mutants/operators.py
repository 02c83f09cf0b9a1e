"""What a mutant is: one small change to a module, made on its syntax tree."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

#: Each comparison with what takes its place: its boundary moved, and its opposite.
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
#: Functions and methods that have an opposite.
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any", "isna": "notna", "notna": "isna",
    "floor": "ceil", "ceil": "floor", "head": "tail", "tail": "head",
}  # fmt: skip
#: Calls that state a type or a set of names: a change there changes no behaviour.
SILENT_CALLS = ("cast", "TypeVar")


Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One change: where, what it was and became, and the function around it (None: the module or a class)."""

    source: str
    path: Path
    new: ast.AST
    lines: tuple[int, ...]
    what: str
    before: str
    outer: ast.FunctionDef | None

    @property
    def remembered(self) -> bool:
        """Whether what was computed before the change may stay: at import, or by a function with a cache."""
        return self.outer is None or any("cache" in ast.unparse(each) for each in self.outer.decorator_list)

    def tree(self) -> ast.Module:
        """The syntax tree of the changed module."""
        changed = ast.parse(self.source)
        _put(changed, self.path, self.new)
        return ast.fix_missing_locations(changed)

    def __str__(self) -> str:
        return f"line {self.lines[0]}: {self.what}: {self.before}  ->  {_short(self.new)}"


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its text."""
    tree = ast.parse(source)
    return [
        Mutant(source, path, new, _lines(tree, path), what, _short(node), _around(tree, path, outermost=True))
        for path, node in _walk(tree, ())
        for what, new in _changes(node, tree, path)
    ]


def _walk(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.AST]]:
    """All nodes that are code: no annotations, decorators, docstrings, imports or texts put together."""
    yield path, node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_params") or isinstance(
            node, ast.JoinedStr
        ):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Import | ast.ImportFrom) or _is_type(child):
                continue
            yield from _walk(child, (*path, (name, at)))


def _is_type(node: ast.AST) -> bool:
    """Whether a statement names a type or the public names, or a call states a type."""
    if isinstance(node, ast.Assign):
        named = isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
        return named or ast.unparse(node.value).startswith(
            ("Literal[", "Callable[", "Mapping[", "tuple[", "dict[")
        )
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    return isinstance(node, ast.Call) and ast.unparse(node.func) in SILENT_CALLS


def _changes(node: ast.AST, tree: ast.Module, path: Path) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare) and len(node.ops) >= 1:
        for at, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)]:
                yield (
                    "comparison",
                    ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators),
                )
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield "arithmetic", ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield "arithmetic", ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
        yield "statement dropped", ast.Pass()
    elif isinstance(node, ast.BoolOp):
        yield "and, or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        yield "sign or not dropped", node.operand
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "constant", ast.Constant(not node.value)
        elif isinstance(node.value, int | float):
            yield "constant", ast.Constant(node.value + 1)
            yield "constant", ast.Constant(node.value - 1)
    elif isinstance(node, ast.Name | ast.Attribute):
        own = node.id if isinstance(node, ast.Name) else node.attr
        if own in NAMES and isinstance(node.ctx, ast.Load):
            other = NAMES[own]
            yield (
                "opposite",
                ast.Name(other, ast.Load())
                if isinstance(node, ast.Name)
                else ast.Attribute(node.value, other, ast.Load()),
            )
    elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield "returns None", ast.Return(ast.Constant(None))
    elif _dropped(node, tree, path):
        yield "statement dropped", ast.Pass()
    elif isinstance(node, ast.Break | ast.Continue):
        yield "break, continue", ast.Continue() if isinstance(node, ast.Break) else ast.Break()
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Compare | ast.UnaryOp):
        turned = copy.copy(node)
        turned.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition turned", turned


def _dropped(node: ast.AST, tree: ast.Module, path: Path) -> bool:
    """Whether a statement can be left out without a name being missed."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom)
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Assign) and _repeats(node, tree, path))


def _repeats(node: ast.Assign, tree: ast.Module, path: Path) -> bool:
    """Whether an assignment changes what was there: without it the names all exist, so that it can be missed."""
    target = node.targets[0]
    if isinstance(target, ast.Subscript | ast.Attribute):
        return True
    outer = _around(tree, path)
    if outer is None or not isinstance(target, ast.Name):
        return False
    given = [each.arg for each in (*outer.args.args, *outer.args.kwonlyargs)]
    before = [
        each.id
        for each in ast.walk(outer)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.lineno < node.lineno
    ]
    return target.id in (*given, *before)


def _at(tree: ast.AST, path: Path) -> ast.AST:
    node = tree
    for name, at in path:
        node = getattr(node, name) if at is None else getattr(node, name)[at]
    return node


def _put(tree: ast.Module, path: Path, new: ast.AST) -> None:
    """Put a node in the place of another."""
    parent, (name, at) = _at(tree, path[:-1]), path[-1]
    new = ast.copy_location(copy.deepcopy(new), _at(tree, path))
    if at is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[at] = new


def _around(tree: ast.Module, path: Path, *, outermost: bool = False) -> ast.FunctionDef | None:
    """The function around a node, None at the level of the module or a class."""
    found = None
    for length in range(1, len(path)):
        node = _at(tree, path[:length])
        if isinstance(node, ast.FunctionDef) and path[length][0] == "body":
            found = node
            if outermost:
                break
    return found


def _lines(tree: ast.Module, path: Path) -> tuple[int, ...]:
    """The lines of the statement around a node; of one that has a body, the lines of its head."""
    statement = next(
        node
        for node in (_at(tree, path[:length]) for length in range(len(path), -1, -1))
        if isinstance(node, ast.stmt)
    )
    own = _at(tree, path)
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    lines = range(statement.lineno, max(last, statement.lineno) + 1)
    first = getattr(own, "lineno", statement.lineno)
    return tuple(sorted(lines, key=lambda line: (line != first, line)))


def _short(node: ast.AST, most: int = 90) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= most else text[: most - 1] + "…"
