# tests of src/web
