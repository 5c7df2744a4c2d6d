"""A simulator of Digipoort: a program of its own with the same messages, mutual TLS and signatures.

Its state is in one folder and survives SIGKILL: whatever it acknowledged is on disk before the answer
leaves. It never drops a delivery as a duplicate, so that a duplicate is seen.
"""
