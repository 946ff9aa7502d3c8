-- What the whole API needs: payouts and splits, kept answers, news of gateways, imports.

ALTER TABLE merchants ADD COLUMN rate_per_s @INT@ NOT NULL DEFAULT 0
    CHECK (rate_per_s BETWEEN 0 AND 10000);

ALTER TABLE gateways ADD COLUMN can_payout @INT@ NOT NULL DEFAULT 0 CHECK (can_payout IN (0, 1));
-- The name of the account at a payout gateway ("bus"), as preferred_gateway may ask for it.
ALTER TABLE gateways ADD COLUMN reference_id TEXT;
-- What incoming webhooks are signed with, sealed to the desk's own key.
ALTER TABLE gateways ADD COLUMN hook_secret @BYTES@;

ALTER TABLE refunds ADD COLUMN synced_ms @INT@;
-- Of a refund made elsewhere: what the txn had no room for, and does not hold.
ALTER TABLE refunds ADD COLUMN over_minor @INT@ NOT NULL DEFAULT 0
    CHECK (over_minor BETWEEN 0 AND amount_minor);

-- 1: order_parties has the order's split settlement.
ALTER TABLE orders ADD COLUMN is_split_settled @INT@ NOT NULL DEFAULT 0
    CHECK (is_split_settled IN (0, 1));

-- Who gets how much of a split order; the marketplace itself is the party ''.
CREATE TABLE order_parties (
    order_row    @INT@ NOT NULL REFERENCES orders (id),
    party        TEXT NOT NULL,
    position     @INT@ NOT NULL CHECK (position >= 0),
    amount_minor @INT@ NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000),
    PRIMARY KEY (order_row, party)
) @STRICT@;

-- How much of a refund each party gives back. What a party has left is its part of the order less
-- these, of the same txn (a split payment's txns share the parties), of refunds that are not FAILURE
-- or hold their amount by an open exception.
CREATE TABLE refund_parts (
    refund_row   @INT@ NOT NULL REFERENCES refunds (id),
    party        TEXT NOT NULL,
    position     @INT@ NOT NULL CHECK (position >= 0),
    amount_minor @INT@ NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000),
    PRIMARY KEY (refund_row, party)
) @STRICT@;

-- Where payouts may go. What identifies the account is sealed to the worker's key; `masked` is
-- what people see.
CREATE TABLE beneficiaries (
    id             @INT@ PRIMARY KEY,
    merchant       @INT@ NOT NULL REFERENCES merchants (id),
    beneficiary_id TEXT NOT NULL,
    type           TEXT NOT NULL CHECK (type IN ('BANK_TRANSFER', 'ACCOUNT_IFSC', 'UPI_ID')),
    name           TEXT NOT NULL,
    masked         TEXT NOT NULL,
    sealed         @BYTES@ NOT NULL,
    transfer_type  TEXT CHECK (transfer_type IN ('LOCAL', 'INTERNATIONAL')),
    payout_mode    TEXT CHECK (payout_mode IN ('FAST', 'IBAN')),
    created_ms     @INT@ NOT NULL,
    UNIQUE (merchant, beneficiary_id)
) @STRICT@;
CREATE INDEX beneficiaries_newest ON beneficiaries (merchant, id);

-- The other account that a PAYOUT refund goes to, as it was when the refund was asked for.
CREATE TABLE payouts (
    refund_row     @INT@ PRIMARY KEY REFERENCES refunds (id),
    beneficiary_id TEXT,
    type           TEXT NOT NULL CHECK (type IN ('BANK_TRANSFER', 'ACCOUNT_IFSC', 'UPI_ID')),
    name           TEXT NOT NULL,
    masked         TEXT NOT NULL,
    sealed         @BYTES@ NOT NULL,
    transfer_type  TEXT CHECK (transfer_type IN ('LOCAL', 'INTERNATIONAL')),
    payout_mode    TEXT CHECK (payout_mode IN ('FAST', 'IBAN')),
    reference_id   TEXT
) @STRICT@;

-- The first answer that was decided under an Idempotency-Key, kept for ever.
CREATE TABLE idempotency_keys (
    merchant    @INT@ NOT NULL,
    route       TEXT NOT NULL,
    key         TEXT NOT NULL,
    asked_hash  @BYTES@ NOT NULL,
    status      @INT@ NOT NULL,
    body        TEXT NOT NULL,
    created_ms  @INT@ NOT NULL,
    PRIMARY KEY (merchant, route, key)
) @STRICT@;

-- News from outside, kept before they are acknowledged; each event id is heard once.
CREATE TABLE news (
    id          @INT@ PRIMARY KEY,
    merchant    @INT@ NOT NULL REFERENCES merchants (id),
    source      TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    body        TEXT NOT NULL,
    received_ms @INT@ NOT NULL,
    state       TEXT NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'APPLIED', 'IGNORED', 'REFUSED')),
    said        TEXT,
    applied_ms  @INT@,
    UNIQUE (merchant, source, event_id)
) @STRICT@;

-- How far refundctl import has come in a file, known by the digest of its bytes.
CREATE TABLE imports (
    merchant    @INT@ NOT NULL REFERENCES merchants (id),
    file_sha256 @BYTES@ NOT NULL,
    file_name   TEXT NOT NULL,
    position    @INT@ NOT NULL,
    lines       @INT@ NOT NULL,
    applied     @INT@ NOT NULL,
    known       @INT@ NOT NULL,
    refused     @INT@ NOT NULL,
    report_bytes @INT@ NOT NULL,
    started_ms  @INT@ NOT NULL,
    finished_ms @INT@,
    PRIMARY KEY (merchant, file_sha256)
) @STRICT@;

-- Refund ids rise with time, so the newest events lie together; by the order's id each would touch a
-- page of its own.
DROP INDEX events_order;
CREATE INDEX events_own ON events (order_row, id) WHERE refund_row IS NULL;
CREATE INDEX events_refund ON events (refund_row, id) WHERE refund_row IS NOT NULL;

-- The largest orders of a gateway: without it a rare gateway has the whole of orders_by_amount read.
CREATE INDEX orders_gateway_amount ON orders (merchant, gateway, amount_minor, id);
