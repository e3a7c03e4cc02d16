"""Extracts what people read on screen and keeps each room's catalogues: `locale/<language>/LC_MESSAGES/django.po`.

A text is (1) what `gettext` and its kin get in Python or `{% translate %}` and `{% blocktranslate %}` in a template; (2) Japanese written
into a component tag, as in `{% button "申請を送信する" %}`; (3) the `message` of an error class, or the text it is raised with; (4) the label of a `NavItem`.
The kernel, which is no Django app, keeps its own catalogues too (`LOCALE_PATHS`).
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/souto"
#: Folder of each language's catalogue, as Django derives it from the code (`ja-easy` gives `ja_Easy`), with its plural rule.
LANGUAGES = {"en": "nplurals=2; plural=(n != 1);", "ja_Easy": "nplurals=1; plural=0;"}
#: Rooms whose pages residents see: everything in them outside staff files is also said in やさしい日本語.
RESIDENT_ROOMS = frozenset(
    {
        "kernel",
        "ui",
        "vault",
        "identity",
        "documents",
        "notifications",
        "procedures",
        "applications",
        "payments",
        "web",
        "plan",
        "transit",
    }
)

#: Files whose texts only staff or operators read: English, but no やさしい日本語.
STAFF_FILES = re.compile(
    r"staff|plan/(templates/plan/desk|actions|views|navigation)|payments/(elqr|notice_files|slips|navigation|actions/notices)"
    r"|transit/(coverage|demand|feeds|roads|definition|ways|surroundings|places|models/services|models/simulations|actions/versions|actions/simulating|seams|simulation)"
    r"|documents/typesetting|identity/jpki|ui/city|procedures/definition/(check|yaml_io)"
)

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60]")
#: Kanji may stand in English as an example (令和8年); kana are a sentence that nobody translated.
_KANA = re.compile(r"[\u3041-\u30ff]")
_PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
_GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
_NGETTEXT = frozenset({"ngettext", "ngettext_lazy"})
_LITERAL = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_TEMPLATE_CALL = re.compile(rf"(?<![a-z])(n?gettext|_)\(\s*u?({_LITERAL})(?:\s*,\s*u?({_LITERAL}))?")
_COMPONENT_TAG = re.compile(
    r"{%\s*(button|chip|banner|field|empty|steps|summary_list|error_summary)\s(.*?)%}", re.DOTALL
)
_TRANSLATED = re.compile(rf"_\({_LITERAL}\)")

Message = str | tuple[str, str]


@dataclass(frozen=True)
class Room:
    """A folder with an `apps.py`, or the kernel."""

    name: str
    folder: Path

    def catalogue(self, language: str) -> Path:
        """Where the translations into `language` are kept."""
        return self.folder / "locale" / language / "LC_MESSAGES/django.po"

    def languages(self) -> tuple[str, ...]:
        """The languages in which this room must speak besides Japanese."""
        return ("en", "ja_Easy") if self.name in RESIDENT_ROOMS else ("en",)


def rooms() -> list[Room]:
    """Every room of the house."""
    return [
        Room("kernel", PACKAGE / "kernel"),
        *(Room(a.parent.name, a.parent) for a in sorted(PACKAGE.rglob("apps.py"))),
    ]


def texts(room: Room) -> dict[Message, set[str]]:
    """Every text of a room with the files that say it."""
    found: dict[Message, set[str]] = {}
    for path in sorted(room.folder.rglob("*")):
        if path.suffix not in {".py", ".html"} or {"migrations", "locale", "static", "gallery"} & set(path.parts):
            continue
        if path.name == "gallery.py":
            continue  # its samples are for those who build pages
        source = path.read_text(encoding="utf-8")
        for message in of_python(source) if path.suffix == ".py" else of_template(source):
            found.setdefault(message, set()).add(path.relative_to(PACKAGE).as_posix())
    return found


def of_python(source: str) -> Iterator[Message]:
    """The texts of a Python file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from _japanese(node.exc.args[:1])


def _of_call(node: ast.Call) -> Iterator[Message]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _GETTEXT:
        yield from (text for argument in node.args[:1] if (text := _text(argument)))
    elif name in _NGETTEXT and len(node.args) > 1:
        one, many = _text(node.args[0]), _text(node.args[1])
        if one and many:
            yield one, many
    elif name == "NavItem":
        yield from _japanese([*node.args[1:2], *(k.value for k in node.keywords if k.arg == "label")])


def _of_class(node: ast.ClassDef) -> Iterator[Message]:
    for statement in node.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        if isinstance(target, ast.Name) and target.id == "message":
            yield from _japanese([getattr(statement, "value", None)])


def _japanese(nodes: list[ast.expr | None] | list[ast.expr]) -> Iterator[str]:
    return (text for node in nodes if (text := _text(node)) and JAPANESE.search(text))


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def of_template(source: str) -> Iterator[Message]:
    """The texts of a template."""
    from django.utils.translation.template import templatize

    for match in _TEMPLATE_CALL.finditer(templatize(source)):
        kind, one, many = match.groups()
        text = str(ast.literal_eval(one))
        yield (text, str(ast.literal_eval(many))) if kind == "ngettext" and many else text
    for match in _COMPONENT_TAG.finditer(source):
        # What stands in _() was found above.
        for literal in re.findall(_LITERAL, _TRANSLATED.sub("", match[2])):
            text = str(ast.literal_eval(literal))
            if JAPANESE.search(text):
                yield text


def is_staff_only(files: set[str]) -> bool:
    """True for a text that only staff read: all its files are staff files."""
    return all(STAFF_FILES.search(file) for file in files)


def load(path: Path) -> Catalog | None:
    """A catalogue, or None where there is no such file."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file)


def required(room: Room, language: str) -> dict[Message, set[str]]:
    """The texts that must be translated into `language`."""
    found = texts(room)
    if language == "en":
        return found
    return {text: files for text, files in found.items() if not is_staff_only(files)}


def problems(room: Room, language: str) -> list[str]:
    """What a room's catalogue lacks, one line each."""
    catalogue, name = load(room.catalogue(language)), f"{room.name}/{language}"
    found = []
    for text, files in required(room, language).items():
        key = text if isinstance(text, str) else text[0]
        entry = catalogue.get(key) if catalogue is not None else None
        strings = [s for s in ([entry.string] if isinstance(entry.string, str) else entry.string) if s] if entry else []
        where = f"{name}: 「{key}」 ({', '.join(sorted(files))})"
        if entry is None or not strings:
            found.append(f"{where} is not translated")
        elif entry.fuzzy:
            found.append(f"{where} is marked fuzzy")
        elif language == "en" and any(_KANA.search(s) for s in strings):
            found.append(f"{where} has Japanese in its English")
        elif any(_places(s) != _places(key) for s in strings):
            found.append(f"{where} fills other places: {strings[0]}")
    return found


def _places(text: str) -> set[str]:
    return {a or b for a, b in _PLACES.findall(text)}


def update(room: Room, language: str, memory: dict[str, object]) -> None:
    """Write a room's catalogue anew: translations stay, new texts take what `memory` knows, what nobody says any more goes."""
    old, path = load(room.catalogue(language)), room.catalogue(language)
    new = Catalog(charset="utf-8", fuzzy=False)
    new._num_plurals = 2 if language == "en" else 1
    for text, files in texts(room).items():
        key = text if isinstance(text, str) else text[0]
        kept = old.get(key) if old is not None else None
        string = kept.string if kept is not None and kept.string and any(kept.string) else memory.get(key)
        if not isinstance(text, str):
            forms = 2 if language == "en" else 1
            strings = (string,) if isinstance(string, str) else tuple(string or ())
            string = (strings + strings[-1:] * forms)[:forms] if strings else ("",) * forms
        elif string is not None and not isinstance(string, str):
            string = string[0]
        flags = {flag for flag in (kept.flags if kept is not None else ()) if flag == "fuzzy"}
        new.add(text, string, locations=[(file, 0) for file in sorted(files)], flags=flags)
    if not list(new)[1:]:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new.header_comment = "# Texts of this room; scripts/messages keeps them in step with the sources."
    with path.open("wb") as file:
        write_po(file, new, width=0, include_lineno=False, sort_output=True, omit_header=True)
    body = path.read_text(encoding="utf-8")
    head = (
        f"{new.header_comment}\n"
        'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Language: {language}\\n"\n"Plural-Forms: {LANGUAGES[language]}\\n"\n\n'
    )
    path.write_text(head + body.lstrip("\n"), encoding="utf-8")


def remember(language: str) -> dict[str, object]:
    """Every translation that any room has."""
    memory: dict[str, object] = {}
    for room in rooms():
        for entry in load(room.catalogue(language)) or ():
            key = entry.id if isinstance(entry.id, str) else entry.id[0]
            if key and entry.string and any(entry.string) and not entry.fuzzy:
                memory.setdefault(key, entry.string)
    return memory


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/messages", description="Keep the message catalogues of the rooms.")
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    parser.add_argument("--check", action="store_true", help="change nothing; 1 when something is missing")
    options = parser.parse_args(arguments)
    chosen = [room for room in rooms() if not options.rooms or room.name in options.rooms]
    if unknown := set(options.rooms) - {room.name for room in chosen}:
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    missing = 0
    for language in LANGUAGES:
        memory = remember(language)
        for room in chosen:
            if language not in room.languages():
                continue
            if not options.check:
                update(room, language, memory)
            for problem in problems(room, language):
                missing += 1
                print(problem)
    print(f"{missing} texts to translate" if missing else "every text is translated")
    return 1 if missing and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
