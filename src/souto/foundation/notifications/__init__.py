"""Messages to people: inbox, e-mail, further channels."""
