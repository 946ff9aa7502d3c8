-- The simulator's ledger. A refund or payment is written once, with how it ends and when: until
-- settles_ms it is shown as pending.

CREATE TABLE refunds (
    id                @INT@ PRIMARY KEY,
    idempotency_key   TEXT NOT NULL UNIQUE,
    refund_id         TEXT NOT NULL UNIQUE,
    payment_id        TEXT NOT NULL,
    unique_request_id TEXT NOT NULL,
    gateway           TEXT NOT NULL,
    amount_minor      @INT@ NOT NULL CHECK (amount_minor > 0),
    currency          TEXT NOT NULL,
    outcome           TEXT NOT NULL CHECK (outcome IN ('SUCCEEDED', 'FAILED')),
    error_code        TEXT,
    error_message     TEXT,
    arn               TEXT NOT NULL,
    created_ms        @INT@ NOT NULL,
    settles_ms        @INT@ NOT NULL CHECK (settles_ms >= created_ms)
) @STRICT@;
CREATE INDEX refunds_request ON refunds (unique_request_id, id);

CREATE TABLE payments (
    id                @INT@ PRIMARY KEY,
    txn_id            TEXT NOT NULL UNIQUE,
    payment_id        TEXT NOT NULL UNIQUE,
    amount_minor      @INT@ NOT NULL CHECK (amount_minor > 0),
    currency          TEXT NOT NULL,
    outcome           TEXT NOT NULL CHECK (outcome IN ('SUCCEEDED', 'FAILED')),
    resp_code         TEXT NOT NULL,
    resp_message      TEXT NOT NULL,
    rrn               TEXT NOT NULL,
    auth_id_code      TEXT NOT NULL,
    created_ms        @INT@ NOT NULL,
    settles_ms        @INT@ NOT NULL CHECK (settles_ms >= created_ms)
) @STRICT@;

-- How often each key was asked for, refused and broken requests included.
CREATE TABLE calls (
    idempotency_key   TEXT NOT NULL PRIMARY KEY,
    unique_request_id TEXT NOT NULL,
    payment_id        TEXT NOT NULL,
    refunds           @INT@ NOT NULL,
    inquiries         @INT@ NOT NULL
) @STRICT@;
CREATE INDEX calls_request ON calls (unique_request_id, idempotency_key);
