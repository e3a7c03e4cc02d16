"""A JPKI-shaped authority and software cards, for tests, demos and trials; never for real applications.

Its roots are named `O=JPKI-TEST` and `TrustStore.production` refuses them by fingerprint. `TestHierarchy` keeps everything
in a folder of PEM files, so that the demo provider and the server, two processes, can stand on the same authority.
"""

from souto.foundation.identity.jpki.testing.authority import Authority, CertificateShape
from souto.foundation.identity.jpki.testing.hierarchy import TestCard, TestHierarchy

__all__ = ["Authority", "CertificateShape", "TestCard", "TestHierarchy"]
