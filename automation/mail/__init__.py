"""Rendering a digest, the message and its headers, and delivery by SMTP or into an outbox folder."""
