# tests of src/simgate: the program itself, from outside
TESTS += tests/simgate/check_simgate.py tests/simgate/check_faults.py
EXTRA_DIST += tests/simgate/simgate_rig.py \
	tests/simgate/check_simgate.py tests/simgate/check_faults.py
