"""What can go wrong with a provider. The messages are for the resident; `reason` is for the log and names no person."""

from __future__ import annotations

from souto.kernel.errors import SoutoError


class OidcError(SoutoError):
    """Base of the errors of a sign-in; `reason` is a short English word for the log."""

    message = "本人確認ができませんでした。もう一度はじめからお試しください。"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


class ProviderUnavailableError(OidcError):
    """The provider did not answer in time, or answered with a failure of its own."""

    message = "本人確認のサービスにつながりませんでした。しばらくしてから、もう一度お試しください。"


class ProviderAnswerError(OidcError):
    """The provider refused the request (a code that was used, expired, or was never given) or answered in another form."""


class TokenRefusedError(OidcError):
    """An ID token or userinfo broke one of the rules; `reason` names the rule."""
