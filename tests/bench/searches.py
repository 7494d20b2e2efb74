def measure(report, worlds):
    pass
