"""The supervisor: starts what Souto needs on one host, starts again what dies, and leaves nothing behind."""

from souto.config.supervisor.child import ChildSpec
from souto.config.supervisor.lock import AlreadyRunningError, StateLock
from souto.config.supervisor.run import Supervisor
from souto.config.supervisor.sockets import PortTakenError, listen

__all__ = ["AlreadyRunningError", "ChildSpec", "PortTakenError", "StateLock", "Supervisor", "listen"]
