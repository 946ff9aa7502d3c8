-- API keys, looked up by the hash of their text.

-- name: api_key_insert
-- in: i id, i merchant, b key_hash, t prefix, t name, i scopes, i created, i expires, t made_by
INSERT INTO api_keys (id, merchant, key_hash, prefix, name, scopes, created_ms, expires_ms,
                      made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: api_key_get
-- in: b key_hash, i now
-- out: i id, i merchant, t merchant_id, t prefix, t name, i scopes, i created, i expires
-- out: i revoked, i used, i rate_per_s, t made_by
SELECT k.id, k.merchant, m.merchant_id, k.prefix, k.name, k.scopes, k.created_ms, k.expires_ms,
       k.revoked_ms, k.used_ms, m.rate_per_s, k.made_by
  FROM api_keys k
  JOIN merchants m ON m.id = k.merchant
 WHERE k.key_hash = $1
   AND k.revoked_ms IS NULL
   AND (k.expires_ms IS NULL OR k.expires_ms > $2);

-- name: api_key_used
-- in: i now, i id
UPDATE api_keys SET used_ms = $1 WHERE id = $2;

-- name: api_key_revoke
-- in: i now, i id
UPDATE api_keys SET revoked_ms = $1 WHERE id = $2 AND revoked_ms IS NULL;

-- name: api_key_by_id
-- in: i id
-- out: i id, i merchant, t merchant_id, t prefix, t name, i scopes, i created, i expires
-- out: i revoked, i used, i rate_per_s, t made_by
SELECT k.id, k.merchant, m.merchant_id, k.prefix, k.name, k.scopes, k.created_ms, k.expires_ms,
       k.revoked_ms, k.used_ms, m.rate_per_s, k.made_by
  FROM api_keys k
  JOIN merchants m ON m.id = k.merchant
 WHERE k.id = $1;

-- name: api_key_list
-- in: i merchant
-- out: i id, i merchant, t merchant_id, t prefix, t name, i scopes, i created, i expires
-- out: i revoked, i used, i rate_per_s, t made_by
SELECT k.id, k.merchant, m.merchant_id, k.prefix, k.name, k.scopes, k.created_ms, k.expires_ms,
       k.revoked_ms, k.used_ms, m.rate_per_s, k.made_by
  FROM api_keys k
  JOIN merchants m ON m.id = k.merchant
 WHERE k.merchant = $1
 ORDER BY k.created_ms DESC, k.id DESC;
