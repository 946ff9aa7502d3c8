-- Portal users, their sessions, and failed logins.

-- name: user_insert
-- in: i id, i merchant, t name, t password_hash, t role, i orders, i refunds, i approvals
-- in: i settings, i users, i audit, i disabled, i created
INSERT INTO users (id, merchant, name, password_hash, role, right_orders, right_refunds,
    right_approvals, right_settings, right_users, right_audit, disabled, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: user_by_name
-- in: t name
-- out: i id, i merchant, t name, t password_hash, t role, i orders, i refunds, i approvals
-- out: i settings, i users, i audit, i disabled, i created
SELECT u.id, u.merchant, u.name, u.password_hash, u.role, u.right_orders, u.right_refunds,
       u.right_approvals, u.right_settings, u.right_users, u.right_audit, u.disabled, u.created_ms
  FROM users u
 WHERE u.name = $1;

-- name: user_list
-- in: i merchant
-- out: i id, i merchant, t name, t password_hash, t role, i orders, i refunds, i approvals
-- out: i settings, i users, i audit, i disabled, i created
SELECT u.id, u.merchant, u.name, u.password_hash, u.role, u.right_orders, u.right_refunds,
       u.right_approvals, u.right_settings, u.right_users, u.right_audit, u.disabled, u.created_ms
  FROM users u
 WHERE u.merchant = $1
 ORDER BY u.name;

-- name: user_set_password
-- in: t password_hash, i id
UPDATE users SET password_hash = $1 WHERE id = $2;

-- name: user_disable
-- in: i id
UPDATE users SET disabled = 1 WHERE id = $1;

-- name: session_delete_of_user
-- in: i user_id
DELETE FROM sessions WHERE user_id = $1;

-- name: session_insert
-- in: b token_hash, i user_id, t csrf, i created, i seen, t address
INSERT INTO sessions (token_hash, user_id, csrf, created_ms, seen_ms, address)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: session_get
-- in: b token_hash, i idle_after, i oldest_created
-- out: i user_id, t csrf, i created, i seen, t merchant_id
-- out: i id, i merchant, t name, t password_hash, t role, i orders, i refunds, i approvals
-- out: i settings, i users, i audit, i disabled, i created
SELECT s.user_id, s.csrf, s.created_ms, s.seen_ms, m.merchant_id,
       u.id, u.merchant, u.name, u.password_hash, u.role, u.right_orders, u.right_refunds,
       u.right_approvals, u.right_settings, u.right_users, u.right_audit, u.disabled, u.created_ms
  FROM sessions s
  JOIN users u ON u.id = s.user_id
  JOIN merchants m ON m.id = u.merchant
 WHERE s.token_hash = $1 AND s.seen_ms >= $2 AND s.created_ms >= $3 AND u.disabled = 0;

-- name: session_touch
-- in: i seen, b token_hash
UPDATE sessions SET seen_ms = $1 WHERE token_hash = $2 AND seen_ms < $1;

-- name: session_delete
-- in: b token_hash
DELETE FROM sessions WHERE token_hash = $1;

-- name: session_sweep_idle
-- in: i idle_after, i limit
DELETE FROM sessions
 WHERE token_hash IN (SELECT s.token_hash FROM sessions s WHERE s.seen_ms < $1
                       ORDER BY s.seen_ms LIMIT $2);

-- name: session_sweep_old
-- in: i oldest_created, i limit
DELETE FROM sessions
 WHERE token_hash IN (SELECT s.token_hash FROM sessions s WHERE s.created_ms < $1 LIMIT $2);

-- name: login_failures_get
-- in: t subject, i window_start
-- out: i failures
SELECT f.failures FROM login_failures f WHERE f.subject = $1 AND f.first_ms >= $2;

-- name: login_failure_add
-- in: t subject, i now, i window_start
INSERT INTO login_failures (subject, failures, first_ms) VALUES ($1, 1, $2)
    ON CONFLICT (subject) DO UPDATE
   SET failures = CASE WHEN login_failures.first_ms >= $3 THEN login_failures.failures + 1
                       ELSE 1 END,
       first_ms = CASE WHEN login_failures.first_ms >= $3 THEN login_failures.first_ms
                       ELSE excluded.first_ms END;

-- name: login_failures_sweep
-- in: i window_start, i limit
DELETE FROM login_failures
 WHERE subject IN (SELECT f.subject FROM login_failures f WHERE f.first_ms < $1 LIMIT $2);

-- name: login_failure_take_back
-- in: t subject
UPDATE login_failures SET failures = failures - 1 WHERE subject = $1 AND failures > 0;

-- name: login_failures_clear
-- in: t subject
DELETE FROM login_failures WHERE subject = $1;
