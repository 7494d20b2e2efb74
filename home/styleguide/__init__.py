"""Every component in every state, to look at while developing."""
