-- The gateways of a merchant and what each can do.

-- name: gateway_by_name
-- in: i merchant, t name
-- out: i id, i merchant, t name, i gateway_id, t adapter
-- out: i can_refund, i can_instant, i can_payout, b credentials, t base_url, i paused
-- out: t reference_id, b hook_secret
SELECT g.id, g.merchant, g.name, g.gateway_id, g.adapter, g.can_refund, g.can_instant,
       g.can_payout, g.credentials, g.base_url, g.paused, g.reference_id, g.hook_secret
  FROM gateways g
 WHERE g.merchant = $1 AND g.name = $2;

-- name: gateway_first
-- in: i merchant
-- out: i id, i merchant, t name, i gateway_id, t adapter
-- out: i can_refund, i can_instant, i can_payout, b credentials, t base_url, i paused
-- out: t reference_id, b hook_secret
SELECT g.id, g.merchant, g.name, g.gateway_id, g.adapter, g.can_refund, g.can_instant,
       g.can_payout, g.credentials, g.base_url, g.paused, g.reference_id, g.hook_secret
  FROM gateways g
 WHERE g.merchant = $1 AND g.can_refund = 1 AND g.adapter IS NOT NULL
 ORDER BY g.name
 LIMIT 1;

-- name: gateway_list
-- in: i merchant
-- out: i id, i merchant, t name, i gateway_id, t adapter
-- out: i can_refund, i can_instant, i can_payout, b credentials, t base_url, i paused
-- out: t reference_id, b hook_secret
SELECT g.id, g.merchant, g.name, g.gateway_id, g.adapter, g.can_refund, g.can_instant,
       g.can_payout, g.credentials, g.base_url, g.paused, g.reference_id, g.hook_secret
  FROM gateways g
 WHERE g.merchant = $1
 ORDER BY g.name;

-- name: gateways_with_hooks
-- in: i limit
-- out: i id, i merchant, t name, i gateway_id, t adapter
-- out: i can_refund, i can_instant, i can_payout, b credentials, t base_url, i paused
-- out: t reference_id, b hook_secret
SELECT g.id, g.merchant, g.name, g.gateway_id, g.adapter, g.can_refund, g.can_instant,
       g.can_payout, g.credentials, g.base_url, g.paused, g.reference_id, g.hook_secret
  FROM gateways g
 WHERE g.hook_secret IS NOT NULL
 ORDER BY g.id LIMIT $1;

-- name: gateway_insert
-- in: i id, i merchant, t name, i gateway_id, t adapter
-- in: i can_refund, i can_instant, i can_payout, b credentials, t base_url, i paused
-- in: t reference_id, b hook_secret
INSERT INTO gateways (id, merchant, name, gateway_id, adapter, can_refund, can_instant,
    can_payout, credentials, base_url, paused, reference_id, hook_secret)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: gateway_set_credentials
-- in: b credentials, i id
UPDATE gateways SET credentials = $1 WHERE id = $2;

-- name: gateway_set_paused
-- in: i paused, i id
UPDATE gateways SET paused = $1 WHERE id = $2;

-- name: gateway_payout
-- in: i merchant
-- out: i id, i merchant, t name, i gateway_id, t adapter
-- out: i can_refund, i can_instant, i can_payout, b credentials, t base_url, i paused
-- out: t reference_id, b hook_secret
SELECT g.id, g.merchant, g.name, g.gateway_id, g.adapter, g.can_refund, g.can_instant,
       g.can_payout, g.credentials, g.base_url, g.paused, g.reference_id, g.hook_secret
  FROM gateways g
 WHERE g.merchant = $1 AND g.can_payout = 1 AND g.adapter IS NOT NULL
 ORDER BY g.name
 LIMIT 1;

-- name: gateway_set_hook_secret
-- in: b hook_secret, i id
UPDATE gateways SET hook_secret = $1 WHERE id = $2;
