# tests of src/worker
