"""The keys that make what kantoor stores unreadable for others, and the one format in which it is sealed.

Whoever stores something asks a ring to seal it, and names what it is bound to. A ring holds the keys of one
purpose; keys of one relation or one person, when they come, are rings of this room as well.
"""
