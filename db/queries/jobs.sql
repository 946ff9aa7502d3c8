-- Things to do: claimed by compare-and-set on the fence, with a lease.

-- name: job_put
-- in: i id, t kind, i merchant, i subject, i due, i attempt
INSERT INTO jobs (id, kind, merchant, subject, due_ms, attempt) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (kind, subject) DO UPDATE
SET due_ms = excluded.due_ms, attempt = excluded.attempt WHERE jobs.leased = 0;

-- name: job_hurry
-- in: i id, t kind, i merchant, i subject, i due
INSERT INTO jobs (id, kind, merchant, subject, due_ms, attempt) VALUES ($1, $2, $3, $4, $5, 0)
ON CONFLICT (kind, subject) DO UPDATE
SET due_ms = excluded.due_ms WHERE jobs.leased = 0 AND jobs.due_ms > excluded.due_ms;

-- name: job_waiting
-- in: t kind, i subject, i due
-- out: i id
SELECT j.id FROM jobs j
WHERE j.kind = $1 AND j.subject = $2 AND (j.leased = 1 OR j.due_ms <= $3);

-- name: job_drop
-- in: t kind, i subject
DELETE FROM jobs WHERE kind = $1 AND subject = $2;

-- name: jobs_due
-- in: i now, i limit
-- out: i id, t kind, i merchant, i subject, i due, i attempt, i leased, i fence
SELECT j.id, j.kind, j.merchant, j.subject, j.due_ms, j.attempt, j.leased, j.fence
FROM jobs j WHERE j.due_ms <= $1 ORDER BY j.due_ms LIMIT $2;

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

-- name: job_next_due
-- out: i due
SELECT min(j.due_ms) FROM jobs j;
