# tests of src/ctl: the program itself, from outside
TESTS += tests/ctl/t_refundctl.py tests/ctl/t_demo.py tests/ctl/t_import.py
