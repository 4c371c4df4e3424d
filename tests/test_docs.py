"""The documents and the program say the same: nothing undocumented, nothing made up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click

from gateway.cli import main
from gateway.resources import resource_path
from rules.effects import NoticeKind

HOUSE = Path(__file__).resolve().parents[1]
DOCS = HOUSE / "docs"
PAGES = [HOUSE / "README.md", HOUSE / "ARCHITECTURE.md", *sorted(DOCS.glob("*.md"))]
SAMPLES = [resource_path("templates", "init", name) for name in ("schoolgate.toml", "policy.toml")]
ROOMS = "docs|gateway|rules|templates|migrations|tests|benchmarks"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


# ---- rules and notices -----------------------------------------------------------------------


def cited() -> set[tuple[str, str]]:
    """Return every (rule, clause) that the code of rules/ may give as a reason."""
    found: set[tuple[str, str]] = set()
    for path in sorted((HOUSE / "rules").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            words = tuple(_texts(node))
            found |= {
                (rule, clause)
                for rule, clause in pairwise(words)
                if re.fullmatch(r"[a-z]+(-[a-z]+)+", rule) and re.fullmatch("[A-Z][0-9]+", clause)
            }
    return found


def helped() -> set[str]:
    """Return the rules that reach a Reason through a helper: first or last of its arguments."""
    found = set()
    for path in sorted((HOUSE / "rules").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"_doubt": 0, "_refused": -1, "refused": -1}.get(node.func.id)
                if place is not None:
                    argument = node.args[place]
                    assert isinstance(argument, ast.Constant), "a rule's name is written out"
                    found.add(str(argument.value))
    return found


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts among a call's arguments, or a tuple's members, in order."""
    members = node.args if isinstance(node, ast.Call) else getattr(node, "elts", ())
    for member in members:
        if isinstance(member, ast.Constant) and isinstance(member.value, str):
            yield member.value


def test_every_reason_in_the_code_is_found():
    """A Reason whose rule is no written-out text would escape the test below."""
    computed = [
        f"{path.name}:{node.lineno}"
        for path in sorted((HOUSE / "rules").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Reason"
        and not isinstance(node.args[0], ast.Constant)
    ]
    # _act, _decided and _topic_reason take theirs from a table, _doubt and refused from callers.
    assert sorted(name.split(":")[0] for name in computed) == [
        "choices.py",
        "instructed.py",
        "refusal.py",
        "routing.py",
        "standing.py",
    ]
    assert len(cited()) > 30
    assert len(helped()) >= 7


def test_every_rule_is_in_the_page_of_the_policy():
    text = page("policy.md")
    rules = {rule for rule, _clause in cited()} | helped()
    assert sorted(rule for rule in rules if f"`{rule}`" not in text) == []


def test_every_clause_that_a_rule_cites_has_a_heading():
    headed = set(
        re.findall(r"[A-Z][0-9]+", " ".join(re.findall("(?m)^### ([^:]+):", page("policy.md"))))
    )
    assert {clause for _rule, clause in cited()} - headed == set()


def test_every_kind_of_notice_is_in_the_page_of_the_policy():
    text = page("policy.md")
    assert [kind for kind in NoticeKind if f"| `{kind}` |" not in text] == []


def test_every_clause_with_a_heading_says_which_tests_hold_it():
    parts = re.split("(?m)^##+ ", page("policy.md").split("## Not in this release")[0])
    clauses = [part for part in parts if re.match(r"[A-Z]{1,2}[0-9]", part)]
    assert [part.splitlines()[0] for part in clauses if "::test_" not in part] == []


def test_the_tests_that_are_named_exist():
    named = set(re.findall(r"`(tests/\w+\.py)::(\w+)`", "".join(map(_read, PAGES))))
    missing = [
        f"{file}::{name}"
        for file, name in sorted(named)
        if not re.search(rf"(?m)^(async )?def {name}\(", _read(HOUSE / file))
    ]
    assert missing == []
    assert len(named) > 60


# ---- commands and files ----------------------------------------------------------------------


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def test_every_command_is_documented():
    text = page("operations.md")
    named = {name for name, _ in commands(main) if re.search(rf"(`|\$ )schoolgate {name}\b", text)}
    assert {name for name, _ in commands(main)} - named == set()


def test_no_page_names_a_command_or_an_option_that_does_not_exist():
    known = dict(commands(main))
    for path in (*PAGES, *SAMPLES):
        for line in re.findall(r"(?:`|^|\$ )schoolgate ([a-z][^`#\n]*)", _read(path), re.MULTILINE):
            words = line.split()
            name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in known), None)
            assert name or words[0] in main.commands, f"{path.name}: schoolgate {line}"
            options = {word.split("=")[0] for word in words if word.startswith("--")}
            if name:
                offered = {opt for param in known[name].params for opt in param.opts}
                assert options <= offered | {"--help"}, f"{path.name}: schoolgate {line}"


def test_the_files_that_are_named_exist():
    for path in PAGES:
        named = re.findall(rf"`((?:{ROOMS})/[\w./-]+)`", _read(path))
        assert [name for name in named if not (HOUSE / name).exists()] == [], path.name


def test_every_standard_that_the_code_cites_is_listed_with_its_file():
    text = page("standards.md")
    missing = [
        f"{path.relative_to(HOUSE)}: RFC {number}"
        for room in ("gateway", "rules")
        for path in sorted((HOUSE / room).rglob("*.py"))
        if not path.is_relative_to(HOUSE / "gateway" / "rehearsal")
        for number in sorted(set(re.findall(r"RFC (\d+)", _read(path))))
        if f"RFC {number}" not in text
    ]
    assert missing == []


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
