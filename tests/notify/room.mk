# tests of src/notify
