"""A card gateway of our own for demo and tests, which behaves like a real one and moves no money.

`bank` is what happens at the gateway, `client` how we talk to it, `cards` what each test card does.
"""
