# tests of src/view
