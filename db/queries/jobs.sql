-- Things to do: claimed by compare-and-set on the fence, with a lease.

-- name: job_put
-- in: i id, t kind, i merchant, i subject, t lane, i due, i attempt
INSERT INTO jobs (id, kind, merchant, subject, lane, due_ms, attempt)
VALUES ($1, $2, $3, $4, CAST($3 AS TEXT) || '/' || $5, $6, $7)
ON CONFLICT (kind, subject) DO UPDATE
SET lane = excluded.lane, due_ms = excluded.due_ms, attempt = excluded.attempt
WHERE jobs.leased = 0;

-- name: job_hurry
-- in: i id, t kind, i merchant, i subject, t lane, i due
INSERT INTO jobs (id, kind, merchant, subject, lane, due_ms, attempt)
VALUES ($1, $2, $3, $4, CAST($3 AS TEXT) || '/' || $5, $6, 0)
ON CONFLICT (kind, subject) DO UPDATE
SET lane = excluded.lane, due_ms = CASE WHEN jobs.due_ms < excluded.due_ms THEN jobs.due_ms ELSE excluded.due_ms END
WHERE jobs.leased = 0;

-- name: job_waiting
-- in: t kind, i subject, i due
-- out: i id
SELECT j.id FROM jobs j
WHERE j.kind = $1 AND j.subject = $2 AND (j.leased = 1 OR j.due_ms <= $3);

-- name: job_drop
-- in: t kind, i subject
DELETE FROM jobs WHERE kind = $1 AND subject = $2;

-- From one lane to the next along the index.

-- name: jobs_lanes
-- out: t lane, i due
WITH RECURSIVE lanes (lane) AS (
    SELECT min(j.lane) FROM jobs j
    UNION ALL
    SELECT (SELECT min(j.lane) FROM jobs j WHERE j.lane > l.lane) FROM lanes l
    WHERE l.lane IS NOT NULL)
SELECT l.lane, (SELECT min(j.due_ms) FROM jobs j WHERE j.lane = l.lane) FROM lanes l
WHERE l.lane IS NOT NULL ORDER BY l.lane;

-- name: jobs_due
-- in: t lane, i now, i limit
-- out: i id, t kind, i merchant, i subject, i due, i attempt, i leased, i fence
SELECT j.id, j.kind, j.merchant, j.subject, j.due_ms, j.attempt, j.leased, j.fence
FROM jobs j WHERE j.lane = $1 AND j.due_ms <= $2 ORDER BY j.due_ms LIMIT $3;

-- name: job_claim
-- in: i lease_end, i id, i fence
UPDATE jobs SET due_ms = $1, leased = 1, fence = fence + 1 WHERE id = $2 AND fence = $3;

-- name: job_owned
-- in: i id, i fence
-- out: i id
SELECT j.id FROM jobs j WHERE j.id = $1 AND j.fence = $2;

-- name: job_finish
-- in: i id, i fence
DELETE FROM jobs WHERE id = $1 AND fence = $2;

-- name: job_again
-- in: i due, i attempt, i id, i fence
UPDATE jobs SET due_ms = $1, attempt = $2, leased = 0 WHERE id = $3 AND fence = $4;
