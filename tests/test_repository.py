"""The repository itself: what every module, page and list of it promises."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.pages import PAGES, Page, anchors

ROOT: Final = Path(settings.BASE_DIR)
PACKAGES: Final = ("catalog", "objectives", "personalization", "netup")
LONGEST_FUNCTION, LONGEST_MODULE = 50, 300

# Set by the operating system, or by the supervisor for the programs it starts: nobody configures them.
NOT_CONFIGURED: Final = {"XDG_RUNTIME_DIR", "NETUP_POSTGRES_SUPERVISED", "DJANGO_SETTINGS_MODULE"}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


OURS: Final = [ROOT / "manage.py", *python_files(*PACKAGES)]
ALL: Final = [*OURS, *python_files("benchmarks", "tests")]
TREES: Final = {path: ast.parse(path.read_text(encoding="utf-8")) for path in ALL}


# --- Modules and functions ----------------------------------------------------------------------------------------


def test_every_module_opens_with_its_place_in_the_flow() -> None:
    without = [named(path) for path, tree in TREES.items() if tree.body and not ast.get_docstring(tree)]

    assert without == []


def test_no_function_is_long() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name}: {length} lines"
        for path in OURS
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_module_is_long() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in OURS}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_module_imports_itself_through_others() -> None:
    modules = {_module_name(path): path for path in OURS}
    graph = {name: sorted(set(_imported(name, path, modules))) for name, path in modules.items()}

    assert _cycle(graph) == []


def _module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported(name: str, path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that this one imports when it runs; a package's own members name it as they please."""
    for node in _running(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found = f"{node.module}.{alias.name}"
                found = found if found in modules else node.module
                if found in modules and found != name:
                    yield found


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only type checkers read."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _running(child)


def _cycle(graph: dict[str, list[str]]) -> list[str]:
    """The modules of one cycle, or none."""
    done: set[str] = set()
    for start in graph:
        path, open_ = [], [(start, iter(graph[start]))]
        while open_:
            name, rest = open_[-1]
            if name not in path and name not in done:
                path.append(name)
            following = next((found for found in rest if found not in done), None)
            if following is None:
                open_.pop()
                done.add(name)
                if path and path[-1] == name:
                    path.pop()
            elif following in path:
                return [*path[path.index(following) :], following]
            else:
                open_.append((following, iter(graph[following])))
    return []


@pytest.mark.parametrize(
    ("graph", "cycle"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b", "c"], "b": ["c"], "c": []}, []),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ["b", "c", "b"]),
    ],
)
def test_a_cycle_is_found(graph: dict[str, list[str]], cycle: list[str]) -> None:
    assert _cycle(graph) == cycle


# --- Nothing left behind ------------------------------------------------------------------------------------------

SUFFIXES: Final = {".py", ".md", ".html", ".js", ".css", ".toml", ".txt", ".yaml", ".po", ".json", ""}
FOLDERS: Final = (*PACKAGES, "benchmarks", "tests", "docs", "templates", "static", "locale", ".ci")


def texts() -> Iterator[Path]:
    """The text files of the repository."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.suffix in SUFFIXES)
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES and "__pycache__" not in path.parts:
                yield path


# Written apart, or this page would find itself.
UNFINISHED: Final = "TO-DO FIX-ME X-XX HA-CK".replace("-", "").replace(" ", "|")


@pytest.mark.parametrize(
    "pattern",
    [rf"\b({UNFINISHED})\b", "Lorem" + " ipsum", r"(?<![\w.])/(work|root|home/\w+)/"],
    ids=["unfinished", "filler", "somebody's own folders"],
)
def test_nothing_is_left_behind(pattern: str) -> None:
    left = [
        f"{named(path)}:{number}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]

    assert left == []


# --- Lists that must agree with the code --------------------------------------------------------------------------


def test_the_example_environment_names_what_is_read() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named_there = re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)

    assert sorted(named_there) == sorted(_variables_read() - NOT_CONFIGURED)


def test_the_operator_is_told_of_every_variable() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|", operations, re.MULTILINE)

    assert sorted(told) == sorted(_variables_read() - NOT_CONFIGURED)


def _variables_read() -> set[str]:
    """Every environment variable that the platform asks for by name."""
    constants = {
        target.id: node.value.value
        for path in OURS
        for node in TREES[path].body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {
        name
        for path in OURS
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Call) and node.args and _asks_environment(node.func)
        for name in [_text(node.args[0], constants)]
    }


def _asks_environment(function: ast.expr) -> bool:
    asked = ast.unparse(function)
    return re.fullmatch(r"env\.(str|bool|int|float|list|db|cache)|os\.environ\.(get|setdefault)", asked) is not None


def _text(node: ast.expr, constants: dict[str, object]) -> str:
    return str(node.value if isinstance(node, ast.Constant) else constants[ast.unparse(node)])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_says_why(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    requirements = [line for line in lines if line and not line.startswith(("#", "-r "))]
    loose = [line for line in requirements if not re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+ +# \S.+", line)]

    assert requirements
    assert loose == []


def test_the_generated_pages_are_current() -> None:
    call_command("generate_docs", "--check", stdout=StringIO())


def test_the_changelog_has_a_place_for_what_comes() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert headings[0] == "[Unreleased]"


def test_make_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)

    assert phony is not None
    assert sorted(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) == sorted(phony[1].split())


# --- Pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Page) -> None:
    dead = [link for link in page.links if not _leads_somewhere(page, link)]

    assert dead == []


def _leads_somewhere(page: Page, link: str) -> bool:
    if re.match(r"https?://|mailto:", link):
        return True
    target, _hash, anchor = link.partition("#")
    path = (page.path.parent / target) if target else page.path
    if not path.exists():
        return False
    return not anchor or path.suffix != ".md" or anchor in anchors(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_json_in_pages_is_json(page: Page) -> None:
    for fence in page.fences:
        if fence.language == "json":
            json.loads(fence.text)


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_pictures_are_small_and_shown() -> None:
    pictures = sorted(path for path in (ROOT / "docs" / "images").rglob("*") if path.is_file())
    shown = {(page.path.parent / link).resolve() for page in PAGES for link in page.links}

    assert [picture.name for picture in pictures if picture.stat().st_size > 300_000] == []
    assert [picture.name for picture in pictures if picture.resolve() not in shown] == []
