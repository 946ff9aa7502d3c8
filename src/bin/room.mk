# The programs: wiring only.
