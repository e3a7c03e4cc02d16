"""The desks of staff: addresses and forms, in modules named after each desk."""
