-- The audit log: one chain of hashes for each merchant.

-- name: audit_head
-- in: i merchant
-- out: i seq, b hash
SELECT h.seq, h.hash FROM audit_heads h WHERE h.merchant = $1;

-- name: audit_set_head
-- in: i merchant, i seq, b hash
INSERT INTO audit_heads (merchant, seq, hash)
VALUES ($1, $2, $3)
    ON CONFLICT (merchant) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;

-- name: audit_insert
-- in: i id, i merchant, i seq, i at_ms, t actor, t action, t subject, t detail, b hash
INSERT INTO audit (id, merchant, seq, at_ms, actor, action, subject, detail, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: audit_walk
-- in: i merchant
-- out: i seq, i at_ms, t actor, t action, t subject, t detail, b hash
SELECT a.seq, a.at_ms, a.actor, a.action, a.subject, a.detail, a.hash
  FROM audit a
 WHERE a.merchant = $1
 ORDER BY a.seq;
