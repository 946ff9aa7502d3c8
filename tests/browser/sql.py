#!/usr/bin/env python3
"""Statements for a desk's database that no API would take, in one transaction under the desk's own
locks: sql.py DATABASE <[[statement, [text or null, …]], …] as JSON. Integers are given as texts."""
import contextlib
import fcntl
import json
import sqlite3
import sys

database = sys.argv[1]
statements = json.load(sys.stdin)
with open(database + "-turnstile", "rb") as turnstile, open(database + "-write", "rb") as write:
    fcntl.flock(turnstile, fcntl.LOCK_EX)
    fcntl.flock(write, fcntl.LOCK_EX)
    fcntl.flock(turnstile, fcntl.LOCK_UN)
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")
