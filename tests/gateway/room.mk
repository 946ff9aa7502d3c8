# tests of src/gateway
