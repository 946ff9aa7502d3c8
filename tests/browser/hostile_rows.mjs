// Rows for the database of a test desk: a merchant of its own whose orders, payments and refunds
// hold one text in every field that takes text.
import { createHash, randomBytes } from 'node:crypto';

const EPOCH_MS = 1577836800000n; // of ids: src/core/id.h
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const DAY_MS = 86_400_000;
const CHARGED_MS = 60_000;

let made = 0n;

function newId() {
    made += 1n;
    return ((BigInt(Date.now()) - EPOCH_MS) << 22n) + (7n << 16n) + made;
}

function idText(id) {
    let text = '';
    for (let shift = 60n; shift >= 0n; shift -= 5n) {
        text += DIGITS[Number(id >> shift & 31n)];
    }
    return text;
}

/* One INSERT; what is undefined stays as the schema has it. */
function insert(table, row) {
    const names = Object.keys(row).filter(name => row[name] !== undefined);
    const holes = names.map(() => '?').join(', ');
    return [`INSERT INTO ${table} (${names.join(', ')}) VALUES (${holes})`,
        names.map(name => (row[name] === null ? null : String(row[name])))];
}

/* A merchant, an admin of it, and a session that is open: { merchant, user, token, statements }. */
export function shop(name) {
    const [merchant, user] = [newId(), newId()];
    const token = randomBytes(24).toString('base64url');
    const hash = createHash('sha256').update(token).digest('hex');
    const now = Date.now();
    return {
        name, merchant, user, token,
        statements: [
            insert('merchants', { id: merchant, merchant_id: name, name, time_zone: 'Asia/Kolkata',
                locale: 'en_IN', default_currency: 'INR', test_mode: 1, created_ms: now }),
            insert('users', { id: user, merchant, name, password_hash: 'none', role: 'admin',
                right_orders: 2, right_refunds: 2, right_approvals: 2, right_settings: 2, right_users: 2,
                right_audit: 2, created_ms: now }),
            [`INSERT INTO sessions (token_hash, user_id, csrf, created_ms, seen_ms, address)
              VALUES (x'${hash}', ?, 'csrf', ?, ?, '127.0.0.1')`, [user, now, now].map(String)],
        ],
    };
}

/* What every page of the shop shows, whatever it is about. */
export function renamed(s, text) {
    return [
        [`UPDATE merchants SET name = ?, sending_stopped = 1, sending_stopped_by = ?,
          sending_stopped_why = ? WHERE id = ?`, [text, text, text, String(s.merchant)]],
        ['UPDATE users SET name = ? WHERE id = ?', [text + s.name, String(s.user)]],
    ];
}

function nested(text) {
    return { [text]: text, list: [text, { [text]: text }] };
}

function orderFacts(text) {
    const facts = { metadata: nested(text), offers: [{ offer_code: text, [text]: text }],
        rewards_breakup: { [text]: text }, payment_links: { web: text, [text]: text },
        billing_address_line1: text, shipping_address_city: text, order_type: text, [text]: text };
    for (let i = 1; i <= 10; i++) {
        facts['udf' + i] = text;
    }
    return JSON.stringify(facts);
}

function txnFacts(text) {
    return JSON.stringify({
        card: { last_four_digits: text, card_isin: text, name_on_card: text, card_issuer: text,
            card_brand: text, card_reference: text, expiry_year: text, card_type: text },
        payment_gateway_response: { rrn: text, auth_id_code: text, resp_code: text, resp_message: text,
            epg_txn_id: text, created: text, [text]: text },
        bank_error_code: text, bank_error_message: text, redirect_url: text, [text]: text,
    });
}

export function isAscii(text) {
    return /^[ -~]*$/.test(text);
}

const REFUNDS = [
    { state: 'FAILURE', status: 'FAILURE', sent: 1 },
    { state: 'SUCCESS', status: 'SUCCESS', sent: 1 },
    { state: 'MANUAL_REVIEW', status: 'MANUAL_REVIEW', sent: 1 },
    { state: 'ACCEPTED', status: 'PENDING', sent: 1 },
];

/* An order with two payments and a refund in each of four states, with every text field `text`:
   { orderId, txnId, refunds: [address, …], statements }. The first refund is contradicted. */
export function order(s, text, orderId) {
    const [id, kept, other] = [newId(), newId(), newId()];
    const at = Date.now() - DAY_MS;
    const frozen = JSON.stringify({ amount: '10.00', currency: 'INR', gateway: text, error_message: text,
        error_code: text, words: text, attempts: text });
    const statements = [
        insert('gateways', { id: newId(), merchant: s.merchant, name: text, gateway_id: 23,
            adapter: 'simulator', can_refund: 1, can_instant: 0 }),
        insert('orders', { id, merchant: s.merchant, order_id: orderId, order_key: orderId.toLowerCase(),
            public_id: text, status: 'CHARGED', amount_minor: 50000, effective_minor: 50000, currency: 'INR',
            customer_id: text, customer_email: text, customer_phone: text, product_id: text,
            description: text, return_url: text, kept_txn: kept, facts: orderFacts(text), created_ms: at,
            updated_ms: at, tab: 1, gateway: text, method_type: text, method: 'x' + text }),
    ];
    for (const [kind, term] of [['customer', text], ['udf', text]]) {
        statements.push(insert('order_terms', { merchant: s.merchant, kind, term, order_row: id }));
    }
    for (const [txn, status] of [[kept, 'CHARGED'], [other, 'AUTHORIZATION_FAILED']]) {
        const charged = txn === kept;
        statements.push(insert('txns', { id: txn, merchant: s.merchant, order_row: id,
            txn_id: `${isAscii(text) ? text : orderId}-${charged ? 1 : 2}`, txn_uuid: text, status, amount_minor: 50000, currency: 'INR',
            gateway: text, gateway_id: 23, gateway_reference_id: text, payment_method_type: text,
            payment_method: 'x' + text, auth_type: text, payment_id: text, is_conflicted: charged ? 1 : 0,
            facts: txnFacts(text), created_ms: at, charged_ms: charged ? at + CHARGED_MS : null,
            held_minor: charged ? 4000 : 0, refunded_minor: charged ? 1000 : 0 }));
    }
    const refunds = REFUNDS.map(({ state, status, sent }, i) => {
        const row = newId();
        statements.push(
            insert('refunds', { id: row, merchant: s.merchant, order_row: id, txn_row: kept,
                unique_request_id: `${text}.${i}`, amount_minor: 1000, currency: 'INR', state, status, sent,
                attempts: 1, refund_type: 'STANDARD', reason: text, note: text, source: 'PORTAL',
                initiated_by: text, checked_by: 'c' + text, gateway: text, gateway_ref: `${text}.${i}`,
                arn: `${text}.${i}`, error_code: text, error_message: text, gateway_words: text,
                metadata: JSON.stringify(nested(text)), created_ms: at + i, hold_until_ms: at,
                sent_ms: at, updated_ms: at }),
            insert('events', { id: newId(), merchant: s.merchant, order_row: id, refund_row: row,
                name: 'ORDER_REFUND_FAILED', actor: text, at_ms: at, frozen }),
            insert('events', { id: newId(), merchant: s.merchant, order_row: id, refund_row: row,
                name: 'refund.accepted', actor: text, at_ms: at, frozen }),
            insert('events', { id: newId(), merchant: s.merchant, order_row: id, refund_row: row,
                name: text, actor: text, at_ms: at, frozen }));
        return { row, path: '/refunds/' + idText(row) };
    });
    statements.push(insert('exceptions', { id: newId(), merchant: s.merchant, refund_row: refunds[0].row,
        kind: text, detail: text, held_minor: 1000, opened_ms: at }));
    return { orderId, text, refunds: refunds.map(r => r.path), statements };
}
