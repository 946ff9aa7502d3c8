-- Answers kept under an Idempotency-Key.

-- name: idempotency_get
-- in: i merchant, t route, t key
-- out: b asked_hash, i status, t body
SELECT k.asked_hash, k.status, k.body
  FROM idempotency_keys k
 WHERE k.merchant = $1 AND k.route = $2 AND k.key = $3;

-- name: idempotency_put
-- in: i merchant, t route, t key, b asked_hash, i status, t body, i created
INSERT INTO idempotency_keys (merchant, route, key, asked_hash, status, body, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (merchant, route, key) DO NOTHING;
