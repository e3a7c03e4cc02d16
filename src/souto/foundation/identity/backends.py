"""Django's authentication backend: sessions only. Nobody signs in with a name and a password."""

from __future__ import annotations

from uuid import UUID

from souto.foundation.identity.models import Account


class SessionBackend:
    """Finds the account that a session names; an inactive account or staff member has no session."""

    def get_user(self, user_id: UUID | str) -> Account | None:
        """The active account, or None."""
        account = Account.objects.select_related("person", "staff").filter(pk=user_id, is_active=True).first()
        if account is None or (account.staff is not None and not account.staff.is_active):
            return None
        return account
