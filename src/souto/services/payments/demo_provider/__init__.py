"""The demo cashless provider (見本): an origin of its own that enforces the protocol of `souto.services.payments.cashless`."""
