"""Policies (kantoorbeleid) held against every state of the plans: what breaks one, and how soonest."""
