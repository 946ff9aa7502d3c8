# tests of src/portal
