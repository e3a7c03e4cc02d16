from __future__ import annotations

from django.urls import URLPattern, URLResolver

from souto.config import urls


def modules(patterns: list[URLPattern | URLResolver]) -> set[str]:
    return {pattern.urlconf_module.__name__ for pattern in patterns if isinstance(pattern, URLResolver)}


def test_a_host_for_residents_has_no_staff_page_in_its_table() -> None:
    found = modules(urls.build(("resident", "public"), demo=False))

    assert "souto.foundation.identity.urls" in found
    assert not [name for name in found if "staff" in name]


def test_a_host_for_staff_has_no_resident_page_in_its_table() -> None:
    found = modules(urls.build(("staff",), demo=False))

    assert "souto.foundation.documents.staff_urls" in found
    assert "souto.foundation.identity.urls" not in found


def test_the_demos_own_pages_are_absent_from_productions_table() -> None:
    production = urls.build(("resident", "staff", "public"), demo=False)

    assert not [name for name in modules(production) if name.startswith("souto.demo")]
