-- Mails on their way, and who chose which.

-- name: mail_put
-- in: i id, i merchant, t kind, t occasion, t address, t facts, i due, i created
INSERT INTO mails (id, merchant, kind, occasion, address, facts, state, due_ms, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, 'WAITING', $7, $8)
ON CONFLICT (merchant, occasion, address) DO NOTHING;

-- name: mail_select
-- out: i id, i merchant, t kind, t occasion, t address, t facts, t state, i attempts, i due, i fence, t said, i created, i sent
SELECT m.id, m.merchant, m.kind, m.occasion, m.address, m.facts, m.state, m.attempts, m.due_ms,
       m.fence, m.said, m.created_ms, m.sent_ms
FROM mails m

-- fragment: mail_due
-- in: i now, i limit
WHERE m.state = 'WAITING' AND m.due_ms <= $1 ORDER BY m.due_ms LIMIT $2

-- fragment: mail_newest
-- in: i merchant, i limit
WHERE m.merchant = $1 ORDER BY m.created_ms DESC, m.id DESC LIMIT $2

-- name: mail_claim
-- in: i lease_end, i id, i fence
UPDATE mails SET due_ms = $1, fence = fence + 1
WHERE id = $2 AND fence = $3 AND state = 'WAITING';

-- name: mail_tried
-- in: t state, i attempts, i due, t said, i sent, i id, i fence
UPDATE mails SET state = $1, attempts = $2, due_ms = $3, said = $4, sent_ms = $5
WHERE id = $6 AND fence = $7 AND state = 'WAITING';

-- name: mail_next_due
-- out: i due
SELECT min(m.due_ms) FROM mails m WHERE m.state = 'WAITING';

-- Readers: a base, and the right that the kind asks for.

-- name: mail_readers
-- in: i merchant, t kind
-- out: t email
SELECT u.email FROM users u JOIN user_mails k ON k.user_id = u.id
WHERE u.merchant = $1 AND k.kind = $2 AND u.disabled = 0 AND u.email IS NOT NULL

-- fragment: mail_readers_orders
-- in: i right
AND u.right_orders >= $1 ORDER BY u.name

-- fragment: mail_readers_refunds
-- in: i right
AND u.right_refunds >= $1 ORDER BY u.name

-- fragment: mail_readers_approvals
-- in: i right
AND u.right_approvals >= $1 ORDER BY u.name

-- fragment: mail_readers_settings
-- in: i right
AND u.right_settings >= $1 ORDER BY u.name

-- fragment: mail_readers_users
-- in: i right
AND u.right_users >= $1 ORDER BY u.name

-- fragment: mail_readers_audit
-- in: i right
AND u.right_audit >= $1 ORDER BY u.name

-- name: mail_choice_email
-- in: i user
-- out: t email
SELECT u.email FROM users u WHERE u.id = $1;

-- name: mail_choice_kinds
-- in: i user
-- out: t kind
SELECT k.kind FROM user_mails k WHERE k.user_id = $1 ORDER BY k.kind;

-- name: mail_choose_email
-- in: t email, i user
UPDATE users SET email = $1 WHERE id = $2;

-- name: mail_choose_nothing
-- in: i user
DELETE FROM user_mails WHERE user_id = $1;

-- name: mail_choose_kind
-- in: i user, t kind
INSERT INTO user_mails (user_id, kind) VALUES ($1, $2) ON CONFLICT (user_id, kind) DO NOTHING;
