"""Digipoort over WUS 1.2: bytes in, a receipt or a refusal out. Imports nothing else of kantoor."""
