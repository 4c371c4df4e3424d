"""The walls of the house: what may import what."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CLOCK_READERS = {"time", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}


def modules(package: str) -> dict[str, Path]:
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


ALL = modules("rules") | modules("gateway")


def targets(path: Path) -> set[str]:
    """Return the modules of ours that a file imports."""
    found = set()
    for name in imports(path):
        for candidate in (name, name.rpartition(".")[0]):
            if candidate in ALL:
                found.add(candidate)
                break
    return found


@pytest.mark.parametrize("name", modules("rules"))
def test_rules_import_only_themselves_and_the_standard_library(name):
    for imported in imports(ALL[name]):
        top = imported.partition(".")[0]
        assert top == "rules" or top in sys.stdlib_module_names, imported


IMPURE = {"os", "io", "socket", "sqlite3", "logging", "subprocess", "threading", "time", "random"}


@pytest.mark.parametrize("name", modules("rules"))
def test_rules_read_no_clock_file_network_or_environment(name):
    tree = ast.parse(ALL[name].read_text("utf-8"))
    assert not {one.partition(".")[0] for one in imports(ALL[name])} & IMPURE
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"open", "print", "input", "datetime.now", "date.today", "datetime.utcnow"}


@pytest.mark.parametrize("name", modules("gateway"))
def test_only_the_clock_module_asks_the_time(name):
    tree = ast.parse(ALL[name].read_text("utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    asked = called & {"datetime.now", "date.today", "datetime.utcnow", "time.time"}
    assert not asked or name == "gateway.clock"


@pytest.mark.parametrize("name", ALL)
def test_no_import_is_hidden_in_a_function(name):
    tree = ast.parse(ALL[name].read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{name}.{function.name}"


def test_there_are_no_import_cycles():
    graph = {name: targets(path) - {name} for name, path in ALL.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_the_median_file_is_short_and_every_file_says_which_question_it_answers():
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in ALL.values())
    assert lengths[len(lengths) // 2] < 150
    assert not [
        name
        for name, path in ALL.items()
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
