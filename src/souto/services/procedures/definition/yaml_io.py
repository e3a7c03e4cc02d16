"""Definitions as YAML: how a city keeps and exchanges its procedures.

A narrow YAML: no aliases, no tags, a key once; `true` and `false` are the only booleans and nothing becomes a date by itself, so that the
option `no` stays the word that the editor wrote.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError

from souto.kernel.errors import SoutoError
from souto.services.procedures.definition.model import Definition, explain
from souto.services.procedures.definition.upgrades import upgrade

#: A definition is some tens of kilobytes.
MAX_SIZE = 1_000_000
MAX_DEPTH = 40


class DefinitionUnreadableError(SoutoError):
    """The text is no definition; `reasons` are lines with their places."""

    message = "手続の定義を読み取れませんでした。次のところを直してください：%(reasons)s"

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(reasons="\n".join(reasons))


class _Loader(yaml.SafeLoader):
    """Reads the narrow YAML."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(None, None, "別名（*）は使えません", self._mark())
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(None, None, "入れ子が深すぎます", self._mark())
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def _mark(self) -> Any:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        return event.start_mark

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(None, None, "キーは文字にしてください", key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(None, None, f"「{key.value}」が2回あります", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:float")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))


class _Dumper(yaml.SafeDumper):
    """Writes what `_Loader` reads: a word that looks like a boolean, a number or a date is quoted as before."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def load(text: str) -> Definition:
    """Read a definition of any schema version that is known; raises `DefinitionUnreadableError`, `SchemaVersionError`."""
    if len(text) > MAX_SIZE:
        raise DefinitionUnreadableError([f"{MAX_SIZE:,}字までです（いま{len(text):,}字）"])
    return _load(text)


@lru_cache(maxsize=32)
def _load(text: str) -> Definition:
    """The same file is read at every start of a city; a definition is frozen, so one reading serves all."""
    try:
        body = yaml.load(text, Loader=_Loader)  # noqa: S506 - a narrower SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{mark.line + 1}行目" if mark else "全体"
        raise DefinitionUnreadableError([f"{place}: {error.problem}"]) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise DefinitionUnreadableError([f"YAMLとして読めません（{type(error).__name__}）"]) from None
    if not isinstance(body, dict):
        raise DefinitionUnreadableError(["全体: 手続の定義ではありません"])
    return read_body(body)


def read_body(body: dict[str, Any]) -> Definition:
    """Lift a parsed or stored body to the newest form and read it; raises as `load` does."""
    try:
        return Definition.from_body(upgrade(body))
    except ValidationError as error:
        raise DefinitionUnreadableError(explain(error)) from None


def dump(definition: Definition) -> str:
    """A definition as YAML that `load` reads back equal."""
    return yaml.dump(definition.body(), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
