"""Every write of identity; see the modules for each group."""

from souto.foundation.identity.actions.attempts import allow_attempt
from souto.foundation.identity.actions.contact import ask_contact, confirm_contact, remove_contact, set_language
from souto.foundation.identity.actions.residents import SignedIn, end_all_sessions, sign_in_with_claims, sign_out
from souto.foundation.identity.actions.signing import SigningAnswer, SigningStarted, finish_signing, start_signing

__all__ = [
    "SignedIn",
    "SigningAnswer",
    "SigningStarted",
    "allow_attempt",
    "ask_contact",
    "confirm_contact",
    "end_all_sessions",
    "finish_signing",
    "remove_contact",
    "set_language",
    "sign_in_with_claims",
    "sign_out",
    "start_signing",
]
