-- Merchants and their settings per currency.

-- name: merchant_get
-- in: i id
-- out: i id, t merchant_id, t name, t time_zone, t locale, t default_currency, i test_mode
-- out: i sending_stopped, t sending_stopped_by, t sending_stopped_why, i maker_checker
-- out: i hold_ms, i refund_limit, i order_age_days, i twin_window_ms, i rate_per_s, i batch_rows, i created_ms
SELECT m.id, m.merchant_id, m.name, m.time_zone, m.locale, m.default_currency, m.test_mode,
       m.sending_stopped, m.sending_stopped_by, m.sending_stopped_why, m.maker_checker, m.hold_ms,
       m.refund_limit, m.order_age_days, m.twin_window_ms, m.rate_per_s,
       m.batch_rows, m.created_ms
  FROM merchants m
 WHERE m.id = $1;

-- name: merchant_by_public_id
-- in: t merchant_id
-- out: i id, t merchant_id, t name, t time_zone, t locale, t default_currency, i test_mode
-- out: i sending_stopped, t sending_stopped_by, t sending_stopped_why, i maker_checker
-- out: i hold_ms, i refund_limit, i order_age_days, i twin_window_ms, i rate_per_s, i batch_rows, i created_ms
SELECT m.id, m.merchant_id, m.name, m.time_zone, m.locale, m.default_currency, m.test_mode,
       m.sending_stopped, m.sending_stopped_by, m.sending_stopped_why, m.maker_checker, m.hold_ms,
       m.refund_limit, m.order_age_days, m.twin_window_ms, m.rate_per_s,
       m.batch_rows, m.created_ms
  FROM merchants m
 WHERE m.merchant_id = $1;

-- name: merchant_first
-- out: i id, t merchant_id, t name, t time_zone, t locale, t default_currency, i test_mode
-- out: i sending_stopped, t sending_stopped_by, t sending_stopped_why, i maker_checker
-- out: i hold_ms, i refund_limit, i order_age_days, i twin_window_ms, i rate_per_s, i batch_rows, i created_ms
SELECT m.id, m.merchant_id, m.name, m.time_zone, m.locale, m.default_currency, m.test_mode,
       m.sending_stopped, m.sending_stopped_by, m.sending_stopped_why, m.maker_checker, m.hold_ms,
       m.refund_limit, m.order_age_days, m.twin_window_ms, m.rate_per_s,
       m.batch_rows, m.created_ms
  FROM merchants m
 ORDER BY m.id
 LIMIT 1;

-- name: merchant_list
-- out: i id, t merchant_id, t name, t time_zone, t locale, t default_currency, i test_mode
-- out: i sending_stopped, t sending_stopped_by, t sending_stopped_why, i maker_checker
-- out: i hold_ms, i refund_limit, i order_age_days, i twin_window_ms, i rate_per_s, i batch_rows, i created_ms
SELECT m.id, m.merchant_id, m.name, m.time_zone, m.locale, m.default_currency, m.test_mode,
       m.sending_stopped, m.sending_stopped_by, m.sending_stopped_why, m.maker_checker, m.hold_ms,
       m.refund_limit, m.order_age_days, m.twin_window_ms, m.rate_per_s,
       m.batch_rows, m.created_ms
  FROM merchants m
 ORDER BY m.id;

-- name: merchant_insert
-- in: i id, t merchant_id, t name, t time_zone, t locale, t default_currency, i test_mode
-- in: i sending_stopped, t sending_stopped_by, t sending_stopped_why, i maker_checker
-- in: i hold_ms, i refund_limit, i order_age_days, i twin_window_ms, i rate_per_s, i batch_rows, i created_ms
INSERT INTO merchants (id, merchant_id, name, time_zone, locale, default_currency, test_mode,
    sending_stopped, sending_stopped_by, sending_stopped_why, maker_checker, hold_ms,
    refund_limit, order_age_days, twin_window_ms, rate_per_s, batch_rows, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- name: merchant_currency
-- in: i merchant, t currency
-- out: i minimum_minor, i confirm_minor, i approval_minor
SELECT s.minimum_minor, s.confirm_minor, s.approval_minor
  FROM currency_settings s
 WHERE s.merchant = $1 AND s.currency = $2;

-- name: merchant_currencies
-- in: i merchant
-- out: t currency, i minimum_minor, i confirm_minor, i approval_minor
SELECT s.currency, s.minimum_minor, s.confirm_minor, s.approval_minor
  FROM currency_settings s
 WHERE s.merchant = $1
 ORDER BY s.currency;

-- name: merchant_set_currency
-- in: i merchant, t currency, i minimum_minor, i confirm_minor, i approval_minor
INSERT INTO currency_settings (merchant, currency, minimum_minor, confirm_minor, approval_minor)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (merchant, currency) DO UPDATE
   SET minimum_minor = excluded.minimum_minor,
       confirm_minor = excluded.confirm_minor,
       approval_minor = excluded.approval_minor;

-- name: merchant_stop_sending
-- in: i stopped, t by, t why, i id
UPDATE merchants SET sending_stopped = $1, sending_stopped_by = $2, sending_stopped_why = $3
WHERE id = $4;

-- name: merchant_update
-- in: t name, t time_zone, t default_currency, i test_mode, i maker_checker, i hold_ms
-- in: i refund_limit, i order_age_days, i twin_window_ms, i rate_per_s, i batch_rows, i id
UPDATE merchants SET name = $1, time_zone = $2, default_currency = $3, test_mode = $4,
       maker_checker = $5, hold_ms = $6, refund_limit = $7, order_age_days = $8,
       twin_window_ms = $9, rate_per_s = $10, batch_rows = $11
WHERE id = $12;
