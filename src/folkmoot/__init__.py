"""Moderation for group chats that explains itself."""
