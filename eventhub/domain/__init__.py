"""Rules, words and errors of the domain: plain Python, standard library only."""
