-- Batches of refunds and their rows.

-- name: batch_insert
-- in: i id, i merchant, t file_name, t description, t reason, t source, t status, t created_by, t key_maker, i created, i updated
INSERT INTO batches (id, merchant, file_name, description, reason, source, status, created_by,
                     key_maker, created_ms, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: batch_select
-- out: i id, i merchant, t file_name, b file_sha256, t description, t reason, t source, t status, t run_mode, i rows_total, i rows_bad, i rows_done, i rows_accepted, i rows_failed, t currency, i amount, t created_by, t key_maker, t checked_by, t said, i created, i updated
SELECT b.id, b.merchant, b.file_name, b.file_sha256, b.description, b.reason, b.source, b.status,
       b.run_mode, b.rows_total, b.rows_bad, b.rows_done, b.rows_accepted, b.rows_failed,
       b.currency, b.amount_minor, b.created_by, b.key_maker, b.checked_by, b.said, b.created_ms, b.updated_ms
FROM batches b

-- fragment: batch_where_id
-- in: i id
WHERE b.id = $1

-- fragment: batch_where_merchant_id
-- in: i id, i merchant
WHERE b.id = $1 AND b.merchant = $2 AND b.status <> 'READING'

-- fragment: batch_where_digest
-- in: i merchant, b file_sha256
WHERE b.merchant = $1 AND b.file_sha256 = $2
      AND b.status NOT IN ('READING', 'REJECTED')
      AND (b.rows_accepted > 0 OR NOT (b.status = 'CANCELLED'
                                       OR (b.status = 'FAILED' AND b.rows_done = 0)))
ORDER BY b.id LIMIT 1

-- name: batch_update
-- in: b file_sha256, t status, t run_mode, i rows_total, i rows_bad, i rows_done, i rows_accepted, i rows_failed, t currency, i amount, t checked_by, t said, i updated, i id, t from_status
UPDATE batches SET file_sha256 = $1, status = $2, run_mode = $3, rows_total = $4, rows_bad = $5,
       rows_done = $6, rows_accepted = $7, rows_failed = $8, currency = $9, amount_minor = $10,
       checked_by = $11, said = $12, updated_ms = $13
WHERE id = $14 AND status = $15;

-- name: batch_next_processing
-- in: i after
-- out: i id
SELECT b.id FROM batches b WHERE b.status = 'PROCESSING' AND b.id > $1 ORDER BY b.id LIMIT 1;

-- name: batches_abandoned
-- in: i before, i limit
-- out: i id
SELECT b.id FROM batches b WHERE b.status = 'READING' AND b.created_ms < $1
ORDER BY b.created_ms LIMIT $2;

-- name: batch_totals_add
-- in: i batch, t currency, t gateway, i rows_good, i good, i rows_bad, i bad
INSERT INTO batch_totals (batch, currency, gateway, rows_good, good_minor, rows_bad, bad_minor)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: batch_totals_of
-- in: i batch
-- out: t currency, t gateway, i rows_good, i good, i rows_bad, i bad
SELECT t.currency, t.gateway, t.rows_good, t.good_minor, t.rows_bad, t.bad_minor
FROM batch_totals t WHERE t.batch = $1 ORDER BY t.currency, t.gateway;

-- name: batch_row_insert
-- in: i batch, i row, i line, t order_id, t amount, t txn_id, t unique_id, t cells, t currency, i amount_minor, t gateway, t verdict, t verdict_said, t warning, t status, i updated
INSERT INTO batch_rows (batch, row, line, order_id, amount, txn_id, unique_id, cells, currency,
                        amount_minor, gateway, verdict, verdict_said, warning, status, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: batch_rows_forget
-- in: i batch, i of_batch, i limit
DELETE FROM batch_rows WHERE batch = $1 AND row IN (
    SELECT r.row FROM batch_rows r WHERE r.batch = $2 ORDER BY r.row LIMIT $3);

-- name: batch_forget
-- in: i id
DELETE FROM batches WHERE id = $1 AND status = 'READING'
    AND NOT EXISTS (SELECT 1 FROM batch_rows r WHERE r.batch = batches.id);

-- A row with what became of its refund, by one base and a piece that says which.

-- name: batch_row_select
-- out: i batch, i row, i line, t order_id, t amount, t txn_id, t unique_id, t cells, t currency, i amount_minor, t gateway, t verdict, t verdict_said, t warning, t status, t error_code, t error_message, i refund, i updated, t refund_status, t refund_state, t unique_request_id, t gateway_ref, t refund_type, t refund_error_code, t refund_error_message, i refund_updated
SELECT b.batch, b.row, b.line, b.order_id, b.amount, b.txn_id, b.unique_id, b.cells, b.currency,
       b.amount_minor, b.gateway, b.verdict, b.verdict_said, b.warning, b.status, b.error_code,
       b.error_message, b.refund_row, b.updated_ms, r.status, r.state, r.unique_request_id,
       r.gateway_ref, r.refund_type, r.error_code, r.error_message, r.updated_ms
FROM batch_rows b LEFT JOIN refunds r ON r.id = b.refund_row

-- fragment: batch_row_where
-- in: i batch, i row
WHERE b.batch = $1 AND b.row = $2

-- fragment: batch_row_after
-- in: i batch, i after
WHERE b.batch = $1 AND b.row > $2

-- fragment: batch_row_problem
AND (b.verdict <> 'OK' OR b.warning IS NOT NULL)

-- fragment: batch_row_status
-- in: t status
AND b.status = $1

-- fragment: batch_row_refund_failed
AND r.status = 'FAILURE'

-- fragment: batch_row_limit
-- in: i limit
ORDER BY b.row LIMIT $1

-- fragment: batch_row_upto
-- in: i batch, i upto
WHERE b.batch = $1 AND b.row <= $2

-- fragment: batch_row_limit_down
-- in: i limit
ORDER BY b.row DESC LIMIT $1

-- Their numbers alone, with the pieces of batch_row_select.

-- name: batch_row_numbers
-- out: i row
SELECT b.row FROM batch_rows b LEFT JOIN refunds r ON r.id = b.refund_row

-- name: batch_rows_refund_failed
-- in: i batch
-- out: i count
SELECT count(*) FROM batch_rows b JOIN refunds r ON r.id = b.refund_row
WHERE b.batch = $1 AND b.status = 'ACCEPTED' AND r.status = 'FAILURE';

-- Another row that refunds this order and amount, unless both have ids of their own. The order has
-- few refunds, the batch many rows: CROSS keeps SQLite from beginning with those.

-- name: batch_row_twin
-- in: i order_row, i amount, i batch, i row, i named
-- out: i line
SELECT b.line FROM refunds r CROSS JOIN batch_rows b
WHERE r.order_row = $1 AND r.amount_minor = $2 AND r.status <> 'FAILURE' AND b.refund_row = r.id
      AND b.batch = $3 AND b.row <> $4 AND (b.unique_id IS NULL OR CAST($5 AS BIGINT) = 0)
LIMIT 1;

-- A row that is still to run in another file of the merchant.

-- name: batch_row_waiting
-- in: t order_id, i amount, i batch, i merchant
-- out: t file_name
SELECT b.file_name FROM batch_rows r JOIN batches b ON b.id = r.batch
WHERE lower(r.order_id) = lower(CAST($1 AS TEXT)) AND r.amount_minor = $2 AND r.status = 'QUEUED'
      AND r.verdict = 'OK' AND r.batch <> $3 AND b.merchant = $4
      AND b.status IN ('AWAITING_CONFIRMATION', 'AWAITING_APPROVAL', 'PROCESSING', 'PAUSED')
LIMIT 1;

-- name: batch_row_settle
-- in: t status, t error_code, t error_message, i refund, i updated, i batch, i row, t from_status
UPDATE batch_rows SET status = $1, error_code = $2, error_message = $3, refund_row = $4,
       updated_ms = $5
WHERE batch = $6 AND row = $7 AND status = $8;
