"""How fast the portal is: figures side by side within one run, as ratios; nothing here passes or fails.

`make bench` prints the table and writes the same as JSON under var/bench/. BENCH_SCALE names the sizes of the help
center in thousands of articles ("1,10,100").
"""
