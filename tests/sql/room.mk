# tests of src/sql
