"""The scenes in their order, each with a line that says what is proved."""

from __future__ import annotations

from collections.abc import Callable

from souto.demo.story import closing, deciding, filing, money, office, reporting, riding, signing
from souto.demo.story.cast import Cast

SCENES: tuple[tuple[str, Callable[[Cast], None]], ...] = (
    ("officers register passkeys by a one-time invitation", office.register),
    ("the planner notes the scoreboard's figures before the story", closing.note_the_numbers),
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
    ("an officer signs in with her passkey", office.sign_in),
    ("the queue shows the case with its deadline, to its own department only", deciding.see_the_queue),
    ("answers and verified identity stand beside each other", deciding.open_the_case),
    ("a correction of one field is asked with a reason", deciding.ask_for_one_correction),
    ("she corrects that field only", deciding.correct_that_field_only),
    ("the officer sees what changed", deciding.see_what_changed),
    ("a colleague gives an opinion", deciding.hear_a_colleague),
    ("起案 and 決裁 by two persons", deciding.decide),
    ("the outcome notice comes as a PDF", deciding.receive_the_notice),
    ("the signature's checks are on the officer's screen", deciding.check_the_signature),
    ("she pays with the cashless provider", money.pay_in_the_browser),
    ("two more residents file, one with a substitute character", money.file_two_more),
    ("their cases are decided", deciding.decide_the_others),
    ("slips with eL-QR, visibly 見本", money.take_slips),
    ("a notice file is matched, a cut one refused, one row waits in suspense", money.import_notices),
    ("the cashier settles the suspended row with a reason", money.settle_by_hand),
    ("she books a ride in three answers; two taps book once", riding.book),
    ("she pays the fare with the cashless provider", riding.pay),
    ("a caller's ride is booked by telephone", riding.call),
    ("a driver takes the vehicle over, she gets on; reported twice, on record once", riding.drive),
    ("she gets off; the dispatcher sees it, a stranger nothing", riding.arrive),
    ("the core system takes the application and answers", closing.hand_over),
    ("she is asked two questions (CX)", closing.answer_two_questions),
    ("the officer is asked two questions (EX)", closing.ask_the_officer),
    ("the plan's numbers have moved", closing.see_the_numbers),
    ("each number opens to its definition and its records", closing.open_the_rows),
    ("the audit trail holds", closing.verify_the_trail),
)
