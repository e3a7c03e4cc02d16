"""The URL table of a demo process."""

from __future__ import annotations

from souto.config import urls

urlpatterns = urls.build(("resident", "staff", "public"), demo=True)
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
