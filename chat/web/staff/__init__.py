"""Pages for the server's owner and admins: the live console, people, invitations, the audit log and the settings."""
