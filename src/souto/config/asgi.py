"""The ASGI application that uvicorn serves."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "souto.config.settings")
_pages = get_asgi_application()  # loads Django, which the layer below needs

from souto.config.live import Live  # noqa: E402

application = Live(_pages)
