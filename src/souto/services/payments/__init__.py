"""Charges, a double-entry ledger, providers, payment slips (納付書) with eL-QR, notices of payment."""
