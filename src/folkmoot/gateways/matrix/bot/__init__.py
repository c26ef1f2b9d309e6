"""The bot: an ordinary Matrix account that is invited, asked and told, and that watches over protection.

`bot` puts it together and `connect` makes it from settings; `commands` lists what can be asked of it; `twin`
is a homeserver in memory for tests.
"""
