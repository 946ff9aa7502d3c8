-- What refundctl fsck looks for. Each statement finds what is wrong: the subject and what it says.

-- name: fsck_held
-- out: t subject, i held, i should_be
SELECT t.txn_id, t.held_minor, CAST(s.held AS BIGINT)
  FROM txns t
  JOIN (SELECT x.id AS id,
               (SELECT COALESCE(SUM(r.amount_minor - r.over_minor), 0) FROM refunds r
                 WHERE r.order_row = x.order_row AND r.txn_row = x.id AND r.status <> 'FAILURE')
               + (SELECT COALESCE(SUM(e.held_minor), 0) FROM exceptions e
                    JOIN refunds f ON f.id = e.refund_row
                   WHERE f.order_row = x.order_row AND f.txn_row = x.id AND e.closed_ms IS NULL) AS held
          FROM txns x) s ON s.id = t.id
 WHERE t.held_minor <> s.held
 ORDER BY t.id;

-- name: fsck_refunded
-- out: t subject, i refunded, i should_be
SELECT t.txn_id, t.refunded_minor, CAST(s.refunded AS BIGINT)
  FROM txns t
  JOIN (SELECT x.id AS id,
               (SELECT COALESCE(SUM(r.amount_minor - r.over_minor), 0) FROM refunds r
                 WHERE r.order_row = x.order_row AND r.txn_row = x.id AND r.status = 'SUCCESS') AS refunded
          FROM txns x) s ON s.id = t.id
 WHERE t.refunded_minor <> s.refunded
 ORDER BY t.id;

-- name: fsck_ceiling
-- out: t subject, i held, i amount
SELECT t.txn_id, t.held_minor, t.amount_minor
  FROM txns t
 WHERE t.held_minor > t.amount_minor OR t.refunded_minor > t.held_minor
 ORDER BY t.id;

-- name: fsck_status_of_state
-- out: t subject, t status, t state
SELECT r.unique_request_id, r.status, r.state
  FROM refunds r
 WHERE r.status <> CASE r.state WHEN 'SUCCESS' THEN 'SUCCESS' WHEN 'FAILURE' THEN 'FAILURE'
                                WHEN 'MANUAL_REVIEW' THEN 'MANUAL_REVIEW' ELSE 'PENDING' END
    OR r.state NOT IN ('AWAITING_APPROVAL', 'HELD', 'QUEUED', 'SENDING', 'ACCEPTED', 'UNKNOWN',
                       'LOW_BALANCE', 'SUCCESS', 'FAILURE', 'MANUAL_REVIEW')
 ORDER BY r.id;

-- name: fsck_sent
-- out: t subject, t state, i sent
SELECT r.unique_request_id, r.state, r.sent
  FROM refunds r
 WHERE (r.sent = 0 AND r.state IN ('ACCEPTED', 'UNKNOWN', 'LOW_BALANCE', 'SUCCESS')
        AND r.source <> 'GATEWAY')
    OR (r.sent = 1 AND r.state IN ('AWAITING_APPROVAL', 'HELD'))
 ORDER BY r.id;

-- name: fsck_belongs
-- out: t subject, t order_id, t txn_id
SELECT r.unique_request_id, o.order_id, t.txn_id
  FROM refunds r
  JOIN orders o ON o.id = r.order_row
  JOIN txns t ON t.id = r.txn_row
 WHERE t.order_row <> r.order_row OR o.merchant <> r.merchant OR t.merchant <> r.merchant
    OR r.currency <> o.currency OR r.currency <> t.currency
 ORDER BY r.id;

-- name: fsck_kept
-- out: t subject, t txn_id, t status
SELECT o.order_id, t.txn_id, t.status
  FROM orders o
  JOIN txns t ON t.id = o.kept_txn
 WHERE t.order_row <> o.id OR t.charged_ms IS NULL
 ORDER BY o.id;

-- name: fsck_kept_missing
-- out: t subject, t status, i kept_txn
SELECT o.order_id, o.status, o.kept_txn
  FROM orders o
 WHERE (o.status IN ('CHARGED', 'PARTIAL_CHARGED') AND o.kept_txn IS NULL)
    OR (o.kept_txn IS NOT NULL AND NOT EXISTS (SELECT 1 FROM txns t WHERE t.id = o.kept_txn))
 ORDER BY o.id;

-- name: fsck_no_job
-- out: t subject, t state, t gateway
SELECT r.unique_request_id, r.state, r.gateway
  FROM refunds r
 WHERE r.status = 'PENDING' AND r.state <> 'AWAITING_APPROVAL'
   AND r.source <> 'GATEWAY' -- of these the gateway tells, or ten days do
   AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.subject = r.id AND j.kind IN ('send', 'inquire'))
 ORDER BY r.id;

-- name: fsck_idle_job
-- out: t subject, t state, t kind
SELECT r.unique_request_id, r.state, j.kind
  FROM jobs j
  JOIN refunds r ON r.id = j.subject
 WHERE j.kind IN ('send', 'inquire') AND r.state IN ('SUCCESS', 'FAILURE', 'AWAITING_APPROVAL')
 ORDER BY j.id;

-- name: fsck_statuses
-- out: t subject, t status
SELECT o.order_id, o.status FROM orders o
 WHERE o.status NOT IN ('NEW', 'STARTED', 'CHARGED', 'JUSPAY_DECLINED', 'PENDING_VBV',
    'VBV_SUCCESSFUL', 'AUTHORIZED', 'AUTHENTICATION_FAILED', 'AUTHORIZATION_FAILED', 'AUTHORIZING',
    'COD_INITIATED', 'VOIDED', 'VOID_INITIATED', 'CAPTURE_INITIATED', 'CAPTURE_FAILED',
    'VOID_FAILED', 'AUTO_REFUNDED', 'PARTIAL_CHARGED')
 ORDER BY o.id;

-- name: fsck_party_ceiling
-- out: t subject, i given, i part
SELECT w.order_id, g.given, o.amount_minor
  FROM (SELECT r.order_row AS order_row, p.party AS party,
               CASE x.is_split_payment WHEN 1 THEN 0 ELSE r.txn_row END AS txn_row,
               CAST(SUM(p.amount_minor) AS BIGINT) AS given
          FROM refund_parts p
          JOIN refunds r ON r.id = p.refund_row
          JOIN orders x ON x.id = r.order_row
         WHERE r.status <> 'FAILURE'
         GROUP BY 1, 2, 3) g
  JOIN orders w ON w.id = g.order_row
  LEFT JOIN order_parties o ON o.order_row = g.order_row AND o.party = g.party
 WHERE o.party IS NULL OR g.given > o.amount_minor
 ORDER BY w.id, g.party;

-- What was refunded past the desk names no parties.

-- name: fsck_parts_sum
-- out: t subject, i parts, i amount
SELECT r.unique_request_id, s.parts, r.amount_minor
  FROM orders w
  JOIN refunds r ON r.order_row = w.id AND r.source <> 'GATEWAY'
  JOIN (SELECT x.id AS id,
               (SELECT CAST(COALESCE(SUM(p.amount_minor), 0) AS BIGINT) FROM refund_parts p
                 WHERE p.refund_row = x.id) AS parts
          FROM refunds x) s ON s.id = r.id
 WHERE w.id IN (SELECT o.order_row FROM order_parties o) AND s.parts <> r.amount_minor
 ORDER BY r.id;

-- name: fsck_split_settled
-- out: t subject, i marked, i parties
SELECT w.order_id, w.is_split_settled, s.parties
  FROM orders w
  JOIN (SELECT x.id AS id,
               (SELECT COUNT(*) FROM order_parties o WHERE o.order_row = x.id) AS parties
          FROM orders x) s ON s.id = w.id
 WHERE (w.is_split_settled = 1) <> (s.parties > 0)
 ORDER BY w.id;

-- name: fsck_payee
-- out: t subject, t type, t payee
SELECT r.unique_request_id, r.refund_type, p.type
  FROM refunds r
  LEFT JOIN payouts p ON p.refund_row = r.id
 WHERE (r.refund_type = 'PAYOUT') <> (p.refund_row IS NOT NULL)
 ORDER BY r.id;

-- An auto refund is the desk's own, with its conflict; or others told of it.

-- name: fsck_auto_txn
-- out: t subject, t status, t told
SELECT t.txn_id, t.status, t.told_status
  FROM txns t
 WHERE t.told_status IS NOT NULL
   AND (t.status <> 'AUTO_REFUNDED'
        OR NOT EXISTS (SELECT 1 FROM conflicts c JOIN refunds r ON r.id = c.refund_row
                        WHERE c.txn_row = t.id AND c.state = 'REFUNDED' AND r.source = 'AUTO'
                          AND r.txn_row = t.id))
 ORDER BY t.id;

-- name: fsck_auto_conflict
-- out: t subject, t state, t status
SELECT t.txn_id, c.state, t.status
  FROM conflicts c
  JOIN txns t ON t.id = c.txn_row
 WHERE (c.state = 'REFUNDED') <> (t.told_status IS NOT NULL)
    OR c.order_row <> t.order_row OR c.merchant <> t.merchant
 ORDER BY t.id;

-- name: fsck_auto_twice
-- out: t subject, i refunds
SELECT t.txn_id, s.refunds
  FROM (SELECT r.txn_row AS txn_row, COUNT(*) AS refunds FROM refunds r
         WHERE r.source = 'AUTO' AND r.status <> 'FAILURE'
         GROUP BY r.txn_row) s
  JOIN txns t ON t.id = s.txn_row
 WHERE s.refunds > 1
 ORDER BY t.id;

-- Marks that lists show.

-- name: fsck_marks
-- out: t subject, i conflicted, i multiple
SELECT o.order_id, o.is_conflicted, o.is_multiple
  FROM orders o
 WHERE o.is_multiple = 1 AND (o.is_split_payment = 1
        OR (SELECT COUNT(*) FROM txns t WHERE t.order_row = o.id
             AND t.status IN ('CHARGED', 'PARTIAL_CHARGED', 'AUTO_REFUNDED')) < 2)
    OR EXISTS (SELECT 1 FROM txns t WHERE t.order_row = o.id AND t.is_conflicted <> 0
                AND o.is_conflicted = 0)
 ORDER BY o.id;

-- name: fsck_batch_counts
-- out: t subject, i counted, i rows
SELECT b.file_name, b.rows_total + b.rows_accepted + b.rows_failed, s.rows
  FROM batches b
  JOIN (SELECT x.id AS id,
               (SELECT COUNT(*) FROM batch_rows r WHERE r.batch = x.id) AS total,
               (SELECT COUNT(*) FROM batch_rows r
                 WHERE r.batch = x.id AND r.status = 'ACCEPTED') AS accepted,
               (SELECT COUNT(*) FROM batch_rows r
                 WHERE r.batch = x.id AND r.status = 'FAILED') AS failed,
               (SELECT COUNT(*) FROM batch_rows r WHERE r.batch = x.id)
               + (SELECT COUNT(*) FROM batch_rows r
                   WHERE r.batch = x.id AND r.status <> 'QUEUED') AS rows
          FROM batches x) s ON s.id = b.id
 WHERE b.status <> 'READING'
       AND (b.rows_total <> s.total OR b.rows_accepted <> s.accepted OR b.rows_failed <> s.failed)
 ORDER BY b.id;

-- name: fsck_batch_ended
-- out: t subject, t status, i queued
SELECT b.file_name, b.status, b.rows_total - b.rows_done
  FROM batches b
 WHERE (b.status IN ('COMPLETED', 'PARTIALLY_COMPLETED', 'FAILED') AND b.rows_done < b.rows_total)
       OR (b.status = 'COMPLETED' AND b.rows_failed > 0)
       OR (b.status IN ('AWAITING_CONFIRMATION', 'AWAITING_APPROVAL', 'REJECTED')
           AND b.rows_done > 0)
 ORDER BY b.id;

-- name: fsck_batch_refund
-- out: t subject, i row, t source
SELECT f.unique_request_id, r.row, f.source
  FROM batch_rows r
  JOIN batches b ON b.id = r.batch
  JOIN refunds f ON f.id = r.refund_row
  JOIN orders o ON o.id = f.order_row
 WHERE f.source <> 'BATCH' OR f.merchant <> b.merchant OR o.order_id <> r.order_id
       OR f.amount_minor <> r.amount_minor
       OR EXISTS (SELECT 1 FROM batch_rows d WHERE d.refund_row = r.refund_row
                  AND (d.batch <> r.batch OR d.row <> r.row))
 ORDER BY f.id;

-- name: fsck_webhook
-- out: t subject, t state, t endpoint
SELECT w.event_id, d.state, e.state
  FROM deliveries d
  JOIN webhooks w ON w.id = d.webhook
  JOIN endpoints e ON e.id = d.endpoint
 WHERE (d.state = 'WAITING' AND e.state IN ('DISABLED', 'DELETED'))
       OR d.merchant <> w.merchant OR d.merchant <> e.merchant
 ORDER BY d.id;
