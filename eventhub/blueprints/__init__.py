"""HTTP in, HTML or JSON out: parse, authorise, call one service, commit, redirect or render."""
