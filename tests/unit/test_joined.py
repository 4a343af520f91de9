"""Modules that are read and joined into one script."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat.web.assets import joined
from chat.web.assets.modules import ModuleError, Modules

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
Write = Callable[[dict[str, str]], Modules]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(files: dict[str, str]) -> Modules:
        for name, text in files.items():
            path = tmp_path / "js" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Modules(tmp_path)

    return made


def places(source_map: str) -> Iterator[tuple[str, int] | None]:
    """For each line, the file and the line that it comes from."""
    told = json.loads(source_map)
    file = line = 0
    for mapping in told["mappings"].split(";"):
        if not mapping:
            yield None
            continue
        numbers, shift, value = [], 0, 0
        for letter in mapping:
            digit = DIGITS.index(letter)
            value |= (digit & 31) << shift
            shift += 5
            if not digit & 32:
                numbers.append(-(value >> 1) if value & 1 else value >> 1)
                shift = value = 0
        column, in_file, in_line, at = numbers
        assert column == at == 0
        file, line = file + in_file, line + in_line
        yield told["sources"][file], line


MODULES = {
    "app.js": """/** The entry. */
import { one as first, two } from "./lib/a.js";
import { b } from "./lib/b.js";
import "./lib/side.js";

const one = "not the other one";
export const told = [one, first, two(), b.c, await Promise.resolve(globalThis.side)].join();
globalThis.told = told;
globalThis.load = () => import("./later.js");
globalThis.loaded = async () => (await import("./lib/b.js")).b.c;
globalThis.here = new URL("x", import.meta.url).pathname;
""",
    "lib/a.js": """let count = 0;
// A comment.
export const one = 1;
export function two() {
  return (count += 2);
}
""",
    "lib/b.js": """import { two } from "./a.js";export{c as b};const c={c:two()};""",
    "lib/again.js": """export { one as uno, two } from "./a.js";\nexport * from "./b.js";\n""",
    "lib/side.js": """globalThis.side = "s";\n""",
    "later.js": """import { two } from "./lib/a.js";\n\nexport default two;\n""",
}


def test_each_module_runs_once_in_a_scope_of_its_own(write: Write, tmp_path: Path) -> None:
    made = joined.join(write(MODULES), "js/app.js")
    assert made.leads_here == ["js/lib/a.js"]
    page = tmp_path / "page.mjs"
    page.write_text(made.script)
    asks = tmp_path / "asks.mjs"
    asks.write_text(
        """import { two } from "./page.mjs";\nconsole.log(JSON.stringify([told, here, two(), await loaded()]));"""
    )
    node = shutil.which("node")
    assert node
    run = subprocess.run([node, asks], capture_output=True, text=True, check=True, timeout=30)
    # What is loaded later asks the module that ran already: it counts on.
    assert json.loads(run.stdout) == ["not the other one,1,4,2,s", str(tmp_path.parent / "js/x"), 6, 2]
    assert 'import("../js/later.js")' in made.script
    assert "comment" not in made.script


def test_the_map_leads_from_each_line_to_the_line_it_was(write: Write, tmp_path: Path) -> None:
    made = joined.join(write(MODULES), "js/app.js")
    lines = made.script.split("\n")
    found = [(line, place) for line, place in zip(lines, places(made.source_map), strict=False) if place]
    assert len(found) > 10
    for line, (file, number) in found:
        was = (tmp_path / "joined" / file).resolve().read_text().split("\n")[number]
        assert line[:10] in was or "import" in was


def test_what_is_handed_on_is_the_same(write: Write) -> None:
    modules = write({**MODULES, "app.js": 'import { uno, b } from "./lib/again.js";\nexport const x = [uno, b];\n'})
    assert "{uno:M$0.one,two:M$0.two,...M$1}" in joined.join(modules, "js/app.js").script
    assert joined.exports(modules, modules["js/lib/again.js"]) == {"uno", "two", "b"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (
            {"app.js": 'import "./b.js";', "b.js": 'import "./app.js";'},
            "in a circle: js/app.js -> js/b.js -> js/app.js",
        ),
        ({"app.js": 'import "./none.js";'}, "js/none.js is not there"),
        ({"app.js": 'import "none";'}, '"none", which the import map does not have'),
        ({"app.js": 'import { a } from "./b.js";', "b.js": "export const b = 1;"}, 'asked for "a", which it does not'),
        ({"app.js": 'import * as a from "./b.js";', "b.js": ""}, "app.js imports '* as a': only"),
        ({"app.js": "export var a = 1;"}, "not understood: export var a = 1;"),
        ({"app.js": "export default 1;"}, "exports something without a name"),
        (
            {
                "app.js": 'import "./a.js";\nimport "./b.js";\nconst c = () => import("./c.js");',
                "a.js": "export const x = 1;",
                "b.js": "export const x = 2;",
                "c.js": 'import { x } from "./a.js";\nimport { x as y } from "./b.js";',
            },
            '"x" is exported by js/a.js and js/b.js: name one of them otherwise',
        ),
    ],
)
def test_what_can_not_be_joined_is_named(write: Write, files: dict[str, str], says: str) -> None:
    with pytest.raises(ModuleError) as caught:
        joined.join(write(files), "js/app.js")
    assert says in str(caught.value)
