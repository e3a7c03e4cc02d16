"""Settings, URLs, the supervisor and the `souto` command."""
