-- How far imports have come.

-- name: import_get
-- in: i merchant, b file_sha256
-- out: t file_name, i position, i lines, i applied, i known, i refused, i report_bytes, i started, i finished
SELECT i.file_name, i.position, i.lines, i.applied, i.known, i.refused, i.report_bytes,
       i.started_ms, i.finished_ms
FROM imports i WHERE i.merchant = $1 AND i.file_sha256 = $2;

-- name: import_put
-- in: i merchant, b file_sha256, t file_name, i position, i lines, i applied, i known, i refused, i report_bytes, i started, i finished
INSERT INTO imports (merchant, file_sha256, file_name, position, lines, applied, known, refused,
                     report_bytes, started_ms, finished_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (merchant, file_sha256) DO UPDATE SET file_name = excluded.file_name,
    position = excluded.position, lines = excluded.lines, applied = excluded.applied,
    known = excluded.known, refused = excluded.refused,
    report_bytes = excluded.report_bytes, started_ms = excluded.started_ms, finished_ms = excluded.finished_ms;
