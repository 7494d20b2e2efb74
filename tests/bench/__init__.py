"""How fast the portal is: figures side by side within one run, as ratios; no test fails by them.

`make bench` prints the table, each target with whether it was reached, and writes the same as JSON under var/bench/.
BENCH_SCALE names the sizes of the help center in thousands of articles ("1,10,100").
"""
