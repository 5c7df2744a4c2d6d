"""A stand-in for Digipoort: a program of its own with the same messages, mutual TLS and signatures.

Its state lies in one folder and survives SIGKILL: whatever it acknowledged is on disk before the answer
leaves. It never drops a delivery that it had before, so that a double one shows.
"""
