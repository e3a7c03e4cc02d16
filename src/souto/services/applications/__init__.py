"""Applications (申請): drafts, submissions, corrections, their life."""
