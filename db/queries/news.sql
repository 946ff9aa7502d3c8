-- What was heard from outside, each event of a source once.

-- name: news_insert
-- in: i id, i merchant, t source, t event_id, t body, i received
INSERT INTO news (id, merchant, source, event_id, body, received_ms)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (merchant, source, event_id) DO NOTHING;

-- name: news_by_id
-- in: i id
-- out: i id, i merchant, t source, t event_id, t body, i received, t state, t said
SELECT n.id, n.merchant, n.source, n.event_id, n.body, n.received_ms, n.state, n.said
FROM news n WHERE n.id = $1;

-- name: news_settle
-- in: t state, t said, i applied, i id
UPDATE news SET state = $1, said = $2, applied_ms = $3 WHERE id = $4 AND state = 'WAITING';
