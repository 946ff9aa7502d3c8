# tests of src/refund
