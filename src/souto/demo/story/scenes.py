"""The scenes in their order, each with a line that says what is proved."""

from __future__ import annotations

from collections.abc import Callable

from souto.demo.story import filing, office, reporting, signing
from souto.demo.story.cast import Cast

SCENES: tuple[tuple[str, Callable[[Cast], None]], ...] = (
    ("she finds 住民票 on the portal", filing.find),
    ("the procedure's page speaks 日本語, やさしい日本語 and English", filing.read_in_three_languages),
    ("two questions say that she can apply", filing.check_eligibility),
    ("she signs in with her card at the provider's own origin", filing.sign_in),
    ("name, kana, address and birth date are filled in from the card", filing.start),
    ("a mistake is said in words that help, and what she typed stays", filing.be_corrected_by_the_form),
    ("an answer opens another page, a postal code completes the address", filing.open_a_page_by_an_answer),
    ("a file that is no picture is refused, her photo is taken", filing.attach_a_photo),
    ("she closes the browser and goes on at a PC", filing.go_on_at_a_desk),
    ("she reviews everything on one page", filing.review),
    ("two taps send one application", filing.send_with_two_taps),
    ("receipt as PDF, message in the inbox, e-mail", filing.receive),
    ("another resident who guesses the address finds nothing", signing.other_residents),
    ("児童手当: a repeating child, conditions, an account", signing.fill_in),
    ("another card's signature is refused", signing.refuse_another_card),
    ("she signs with her card, it is verified, she sends", signing.sign),
    ("a hole in the road is reported with photo and place, without signing in", reporting.report),
    ("officers register passkeys by a one-time invitation", office.register),
    ("an officer signs in with her passkey", office.sign_in),
)
