-- Where payouts go: kept beneficiaries, and the payee of each PAYOUT refund.

-- name: beneficiary_insert
-- in: i id, i merchant, t beneficiary_id, t type, t name, t masked, b sealed, t transfer_type
-- in: t payout_mode, i created
INSERT INTO beneficiaries (id, merchant, beneficiary_id, type, name, masked, sealed, transfer_type,
                           payout_mode, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: beneficiary_get
-- in: i merchant, t beneficiary_id
-- out: i id, t beneficiary_id, t type, t name, t masked, b sealed, t transfer_type, t payout_mode
-- out: i created
SELECT b.id, b.beneficiary_id, b.type, b.name, b.masked, b.sealed, b.transfer_type, b.payout_mode,
       b.created_ms
FROM beneficiaries b WHERE b.merchant = $1 AND b.beneficiary_id = $2;

-- name: beneficiary_list
-- in: i merchant, i before, i limit
-- out: i id, t beneficiary_id, t type, t name, t masked, b sealed, t transfer_type, t payout_mode
-- out: i created
SELECT b.id, b.beneficiary_id, b.type, b.name, b.masked, b.sealed, b.transfer_type, b.payout_mode,
       b.created_ms
FROM beneficiaries b WHERE b.merchant = $1 AND b.id < $2 ORDER BY b.id DESC LIMIT $3;

-- name: payout_insert
-- in: i refund_row, t beneficiary_id, t type, t name, t masked, b sealed, t transfer_type
-- in: t payout_mode, t reference_id
INSERT INTO payouts (refund_row, beneficiary_id, type, name, masked, sealed, transfer_type,
                     payout_mode, reference_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: payout_get
-- in: i refund_row
-- out: t beneficiary_id, t type, t name, t masked, b sealed, t transfer_type, t payout_mode
-- out: t reference_id
SELECT p.beneficiary_id, p.type, p.name, p.masked, p.sealed, p.transfer_type, p.payout_mode,
       p.reference_id
FROM payouts p WHERE p.refund_row = $1;

-- name: payouts_of_order
-- in: i order_row, i limit
-- out: i refund_row, t type, t masked, t reference_id
SELECT p.refund_row, p.type, p.masked, p.reference_id
FROM refunds r JOIN payouts p ON p.refund_row = r.id
WHERE r.order_row = $1 ORDER BY p.refund_row LIMIT $2;
