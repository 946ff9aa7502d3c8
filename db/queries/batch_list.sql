-- The list of batches, and what else leads to one.

-- fragment: batch_where_merchant
-- in: i merchant
WHERE b.merchant = $1 AND b.status <> 'READING'

-- fragment: batch_name_has
-- engine: sqlite
-- in: t part
AND instr(b.file_name, $1) > 0

-- fragment: batch_name_has
-- engine: pg
-- in: t part
AND strpos(b.file_name, $1) > 0

-- fragment: batch_name_has_in_any_case
-- engine: sqlite
-- in: t part
AND instr(lower(b.file_name), lower($1)) > 0

-- fragment: batch_name_has_in_any_case
-- engine: pg
-- in: t part
AND strpos(lower(b.file_name), lower($1)) > 0

-- fragment: batch_created_down
-- in: i limit, i skip
ORDER BY b.created_ms DESC, b.id DESC LIMIT $1 OFFSET $2

-- fragment: batch_created_up
-- in: i limit, i skip
ORDER BY b.created_ms, b.id LIMIT $1 OFFSET $2

-- fragment: batch_name_down
-- in: i limit, i skip
ORDER BY b.file_name DESC, b.id DESC LIMIT $1 OFFSET $2

-- fragment: batch_name_up
-- in: i limit, i skip
ORDER BY b.file_name, b.id LIMIT $1 OFFSET $2

-- fragment: batch_status_down
-- in: i limit, i skip
ORDER BY b.status DESC, b.id DESC LIMIT $1 OFFSET $2

-- fragment: batch_status_up
-- in: i limit, i skip
ORDER BY b.status, b.id LIMIT $1 OFFSET $2

-- fragment: batch_amount_down
-- in: i limit, i skip
ORDER BY b.amount_minor DESC, b.id DESC LIMIT $1 OFFSET $2

-- fragment: batch_amount_up
-- in: i limit, i skip
ORDER BY b.amount_minor, b.id LIMIT $1 OFFSET $2

-- fragment: batch_tasks_down
-- in: i limit, i skip
ORDER BY b.rows_total DESC, b.id DESC LIMIT $1 OFFSET $2

-- fragment: batch_tasks_up
-- in: i limit, i skip
ORDER BY b.rows_total, b.id LIMIT $1 OFFSET $2

-- name: batch_warnings
-- in: i batch
-- out: i count
SELECT COUNT(*) FROM batch_rows b
WHERE b.batch = $1 AND b.verdict = 'OK' AND b.warning IS NOT NULL;

-- name: batch_of_refund
-- in: i refund
-- out: i batch, i row, i line, t file_name
SELECT r.batch, r.row, r.line, b.file_name
FROM batch_rows r JOIN batches b ON b.id = r.batch WHERE r.refund_row = $1;

-- name: audit_of_batch
-- in: i merchant, t subject
-- out: i at_ms, t actor, t action, t detail
SELECT a.at_ms, a.actor, a.action, a.detail FROM audit a
WHERE a.merchant = $1 AND a.subject = $2 AND a.action >= 'batch.' AND a.action < 'batch/'
ORDER BY a.seq DESC LIMIT 200;

-- name: batch_sync_put
-- in: i batch, i refund, i asked, t verdict, t status
INSERT INTO batch_syncs (batch, refund_row, asked_ms, verdict, status)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (batch, refund_row) DO UPDATE SET asked_ms = excluded.asked_ms,
       verdict = excluded.verdict, status = excluded.status;

-- name: batch_sync_report
-- in: i batch, i of_batch
-- out: i asked, t verdict, t before, t now, i count
SELECT s.asked_ms, s.verdict, s.status, r.status, COUNT(*)
FROM batch_syncs s JOIN refunds r ON r.id = s.refund_row
WHERE s.batch = $1 AND s.asked_ms = (SELECT MAX(x.asked_ms) FROM batch_syncs x WHERE x.batch = $2)
GROUP BY s.asked_ms, s.verdict, s.status, r.status ORDER BY s.verdict, s.status, r.status;
