-- Which migrations were applied (sql/migrate.c keeps the table).

-- name: schema_migrations
-- out: i version, t name, i applied_at_ms
SELECT s.version, s.name, s.applied_at_ms FROM schema_migrations s ORDER BY s.version;
