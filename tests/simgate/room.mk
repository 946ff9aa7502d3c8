# tests of src/simgate
