"""Every write of identity; see the modules for each group."""

from souto.foundation.identity.actions.attempts import allow_attempt, forget_attempts
from souto.foundation.identity.actions.contact import ask_contact, confirm_contact, remove_contact, set_language
from souto.foundation.identity.actions.erasing import erase_signatures
from souto.foundation.identity.actions.lookup import LookUpTooWideError, look_up_persons
from souto.foundation.identity.actions.passkeys import StaffSignedIn, register_passkey, sign_in_with_passkey
from souto.foundation.identity.actions.residents import SignedIn, end_all_sessions, sign_in_with_claims, sign_out
from souto.foundation.identity.actions.reviews import relink, settle_review
from souto.foundation.identity.actions.signing import (
    SigningAnswer,
    SigningStarted,
    finish_signing,
    forget_unsigned,
    start_signing,
)
from souto.foundation.identity.actions.staff import (
    Invitation,
    add_membership,
    create_department,
    create_staff,
    deactivate_staff,
    end_membership,
    invite_staff,
)

__all__ = [
    "Invitation",
    "LookUpTooWideError",
    "SignedIn",
    "SigningAnswer",
    "SigningStarted",
    "StaffSignedIn",
    "add_membership",
    "allow_attempt",
    "ask_contact",
    "confirm_contact",
    "create_department",
    "create_staff",
    "deactivate_staff",
    "end_all_sessions",
    "end_membership",
    "erase_signatures",
    "finish_signing",
    "forget_attempts",
    "forget_unsigned",
    "invite_staff",
    "look_up_persons",
    "register_passkey",
    "relink",
    "remove_contact",
    "set_language",
    "settle_review",
    "sign_in_with_claims",
    "sign_in_with_passkey",
    "sign_out",
    "start_signing",
]
