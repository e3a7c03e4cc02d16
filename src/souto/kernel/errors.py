"""Errors that a person can act on.

Each room defines its own subclasses beside the function that raises them. `message` is Japanese, says what to do, and
is the key under which the catalogues translate it; `params` fills its `%(name)s` places.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID


class SoutoError(Exception):
    """Base of every error that Souto raises on purpose.

    `message` may be given per class or per instance; `field` names the input it belongs to, when there is one; `retry_after` is in seconds, where waiting helps.
    """

    message: str = "処理を続けられませんでした。もう一度お試しください。"
    status: ClassVar[int] = 400
    retry_after: int | None = None

    def __init__(self, message: str | None = None, *, field: str | None = None, **params: object) -> None:
        if message is not None:
            self.message = message
        self.field = field
        self.params: dict[str, object] = params
        super().__init__(self.message % params if params else self.message)


class NotFoundError(SoutoError):
    """The record does not exist, or this person may not see it: the two look the same (404)."""

    message = "お探しのページは見つかりませんでした。"
    status: ClassVar[int] = 404


class HiddenError(NotFoundError):
    """A record exists but this caller may not see it. Looks like `NotFoundError`; the refusal is put on record."""

    def __init__(self, subject_type: str, subject_id: UUID) -> None:
        self.subject = (subject_type, subject_id)
        super().__init__()


class ForbiddenError(SoutoError):
    """A signed-in person lacks the permission for an action on a record that they may see (403)."""

    message = "この操作をする権限がありません。所属の管理者に確認してください。"
    status: ClassVar[int] = 403


class ConflictError(SoutoError):
    """Somebody else changed the record first (409); nothing of this request was stored."""

    message = "ほかの人が先に更新しました。最新の内容を確認してから、もう一度操作してください。"
    status: ClassVar[int] = 409


class TooManyAttemptsError(SoutoError):
    """A rate limit was reached (429); `retry_after` is in seconds."""

    message = "短い時間に何度も操作されました。%(minutes)s分ほど待ってから、もう一度お試しください。"
    status: ClassVar[int] = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(minutes=max(1, round(retry_after / 60)))
