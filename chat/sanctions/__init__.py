"""What is decided about people: bans, mutes, bans from rooms and warnings, each with who may decide it and its end."""
