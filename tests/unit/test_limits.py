"""The limits of docs/architecture.md, held by machine: size, complexity, annotations, docstrings."""

import ast
import itertools
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_FILE_LINES = 400
MOST_BODY_LINES = 40
MOST_COMPLEXITY = 10
MOST_ARGUMENTS = 6
MOST_TEMPLATE_LINES = 80

BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _files(folder, *endings):
    return [path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in endings and path.is_file()]


PROGRAM = _files("geoapp", ".py")
PYTHON = [*PROGRAM, *_files("tests", ".py"), *_files("benchmarks", ".py")]
SCRIPTS = _files("static", ".js", ".css")
TEMPLATES = _files("templates", ".html", ".svg", ".xml")


def _name(path):
    return path.relative_to(ROOT).as_posix()


def _lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def _functions(path):
    return [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, Function)
    ]


def _body_lines(function):
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def _arguments(function):
    known = function.args
    own = [*known.posonlyargs, *known.args]
    if own and own[0].arg in ("self", "cls"):
        del own[0]
    return [*own, *known.kwonlyargs, *(each for each in (known.vararg, known.kwarg) if each)]


def _complexity(function):
    """One more than the statements and comprehensions that branch, as ruff's C901 counts."""
    branches = 0
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function):
            continue
        branches += isinstance(node, BRANCHES)
        branches += len(node.generators) if hasattr(node, "generators") else 0
        waiting += ast.iter_child_nodes(node)
    return branches + 1


def _public(tree):
    """Public functions, classes and methods of a module, with their names."""
    waiting = [("", node) for node in tree.body]
    while waiting:
        prefix, node = waiting.pop()
        if isinstance(node, (ast.ClassDef, *Function.__args__)) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                waiting += [(f"{node.name}.", child) for child in node.body]


def test_there_is_something_to_hold():
    assert len(PROGRAM) > 10
    assert SCRIPTS
    assert TEMPLATES


@pytest.mark.parametrize("path", [*PYTHON, *SCRIPTS], ids=_name)
def test_a_file_stays_short(path):
    assert _lines(path) <= MOST_FILE_LINES


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_stays_short(path):
    assert _lines(path) <= MOST_TEMPLATE_LINES


@pytest.mark.parametrize("path", PROGRAM, ids=_name)
def test_functions_stay_small_simple_and_annotated(path):
    faults = []
    for function in _functions(path):
        bare = [each.arg for each in _arguments(function) if each.annotation is None]
        figures = {
            "lines": (_body_lines(function), MOST_BODY_LINES),
            "complexity": (_complexity(function), MOST_COMPLEXITY),
            "arguments": (len(_arguments(function)), MOST_ARGUMENTS),
        }
        where = f"{_name(path)}:{function.lineno} {function.name}"
        faults += [
            f"{where}: {count} {what}, at most {most}"
            for what, (count, most) in figures.items()
            if count > most
        ]
        faults += [f"{where}: {name} is not annotated" for name in bare]
        faults += [f"{where}: the result is not annotated"] if function.returns is None else []
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", PROGRAM, ids=_name)
def test_public_names_say_what_they_are_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [name for name, node in _public(tree) if not ast.get_docstring(node)]
    assert not silent
    assert ast.get_docstring(tree), "a module says what it is for"


def test_the_counting_itself_is_right():
    source = '''
def counted(self, a, *, b=1, **rest):
    """Doc."""
    if a and b or rest:
        return [x for x in a]
    for y in b:
        pass
'''
    function = ast.parse(source).body[0]
    assert _body_lines(function) == 4
    assert _complexity(function) == 1 + 1 + 1 + 1
    assert [each.arg for each in _arguments(function)] == ["a", "b", "rest"]
    assert (
        list(itertools.islice(_public(ast.parse("def _a(): ...\nclass B:\n    def c(self): ...")), 3))[1][0]
        == "B.c"
    )
