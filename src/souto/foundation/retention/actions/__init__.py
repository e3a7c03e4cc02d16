"""Every write of this room."""

from souto.foundation.retention.actions.disposing import destroy_again, dispose_item, finish_list
from souto.foundation.retention.actions.holding import (
    AlreadyDisposedError,
    AlreadyHeldError,
    HoldEndedError,
    end_hold,
    set_hold,
)
from souto.foundation.retention.actions.listing import (
    ListMovedOnError,
    NothingSelectedError,
    ReasonMissingError,
    SamePersonError,
    WordsTooLongError,
    approve,
    list_due,
    put_back,
    review,
    send_back,
    take_off,
)

__all__ = [
    "AlreadyDisposedError",
    "AlreadyHeldError",
    "HoldEndedError",
    "ListMovedOnError",
    "NothingSelectedError",
    "ReasonMissingError",
    "SamePersonError",
    "WordsTooLongError",
    "approve",
    "destroy_again",
    "dispose_item",
    "end_hold",
    "finish_list",
    "list_due",
    "put_back",
    "review",
    "send_back",
    "set_hold",
    "take_off",
]
