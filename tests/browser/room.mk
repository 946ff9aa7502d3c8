# tests/browser
