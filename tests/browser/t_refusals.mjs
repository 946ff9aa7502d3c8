// Every refusal stands in the form, beside its field, in plain words with its code.
import { contains, equal, ok, test } from './cases.mjs';
import { confirmButton, fillCreate, formFields, initiate, openCreate, openOrder, waitForResult } from './steps.mjs';

const REFUSALS = [
    { amount: '400.01', field: 'amount', code: 'INVALID_AMOUNT_REFUND', words: '400.00 INR is left' },
    { amount: '99999999999', field: 'amount', code: 'INVALID_AMOUNT_REFUND', words: '400.00 INR is left' },
    { amount: '1.005', field: 'amount', code: 'INVALID_AMOUNT', words: '2 decimals' },
    { amount: '0.99', field: 'amount', code: 'INVALID_AMOUNT', words: 'smallest refund is 1.00 INR' },
    { amount: 'abc', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '0', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '-5', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '1e2', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '1,00', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '٣', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '<?cs var:x ?>', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '', field: 'amount', code: 'INVALID_AMOUNT' },
    { amount: '5', reason: '', field: 'reason', code: 'INVALID', words: 'Choose a reason' },
];

/* The browser itself refuses empty fields; the server must not count on that. */
async function withoutBrowserChecks(page) {
    await page.locator('main form, #popup form').first().evaluate(form => { form.noValidate = true; });
}

async function checkRefusal(page, { amount, reason, field, code, words = '' }) {
    const name = JSON.stringify(amount) + (reason === '' ? ' without a reason' : '');
    await withoutBrowserChecks(page);
    await fillCreate(page, { amount, reason: reason ?? 'CANCELLATION', note: 'kept' });
    await Promise.all([page.waitForResponse(a => a.request().method() === 'POST'), initiate(page)]);
    const refusal = page.locator(`#${field}-error`);
    await refusal.waitFor();
    ok(await refusal.isVisible(), `${name}: the refusal cannot be seen`);
    contains(await refusal.innerText(), code, name);
    contains(await refusal.innerText(), words, name);
    const input = page.locator('#' + field);
    equal(await input.getAttribute('aria-invalid'), 'true', name);
    contains(await input.getAttribute('aria-describedby'), `${field}-error`, name);
    const [above, below] = [await input.boundingBox(), await refusal.boundingBox()];
    ok(below.y >= above.y && below.y - above.y - above.height < 24, `${name}: not beside its field`);
    equal(await page.locator('.is-invalid').count(), 1, `${name}: fields marked`);
    equal(await page.locator('#amount').inputValue(), amount, `${name}: what was typed`);
    equal(await page.locator('#note').inputValue(), 'kept');
}

test('each refusal stands in the popup beside its field', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await openOrder(page, orderId);
    await openCreate(page);
    for (const refusal of REFUSALS) {
        await checkRefusal(page, refusal);
        ok(await page.locator('dialog[open]').isVisible(), 'the popup closed');
    }
    equal(await v.desk.refunds(orderId), []);
});

test('each refusal stands in the page without JavaScript', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker', { javaScriptEnabled: false });
    await openOrder(page, orderId);
    await openCreate(page);
    // Without scripts noValidate cannot be set: only what the browser lets through.
    for (const refusal of REFUSALS.filter(r => r.amount && r.reason !== '')) {
        await fillCreate(page, { amount: refusal.amount });
        await initiate(page);
        const text = await page.locator(`#${refusal.field}-error`).innerText();
        contains(text, refusal.code, refusal.amount);
        contains(text, refusal.words || '', refusal.amount);
        equal(await page.locator('#amount').inputValue(), refusal.amount);
    }
    equal(await v.desk.refunds(orderId), []);
});

test('the browser itself asks for an amount and a reason', async v => {
    const page = await v.page('maker');
    await openOrder(page, await v.desk.chargedOrder());
    await openCreate(page);
    await initiate(page);
    equal(await page.locator('#reason').evaluate(e => e.validity.valueMissing), true);
    equal(await page.locator('#reason').evaluate(e => e === document.activeElement), true);
});

test('a refusal can be mended in place', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await openOrder(page, orderId);
    await openCreate(page);
    await checkRefusal(page, REFUSALS[0]);
    await fillCreate(page, { amount: '399' });
    await initiate(page);
    await confirmButton(page).click();
    await waitForResult(page);
    equal((await v.desk.refunds(orderId)).map(r => r.amount), [399]);
});

test('a twin within five seconds is refused in place', async v => {
    const orderId = await v.desk.chargedOrder();
    await v.desk.api('POST', `/orders/${orderId}/refunds`, { unique_request_id: 'first', amount: '7' });
    const page = await v.page('maker');
    await page.goto(`/orders/${orderId}/refund`);
    await fillCreate(page, { amount: '7' });
    await initiate(page);
    contains(await page.locator('main').innerText(), 'REFUND_DUPLICATE_REQUEST');
    equal(await page.locator('#amount').inputValue(), '7');
});

test('a form whose one-time id was changed is shown again with a new one', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await page.goto(`/orders/${orderId}/refund`);
    const fields = await formFields(page);
    const html = await page.evaluate(([url, form]) => fetch(url, { method: 'POST',
        body: new URLSearchParams({ ...form, id: 'mine', reason: 'GOODWILL', step: 'initiate' }) })
        .then(answer => answer.text()), [`/orders/${orderId}/refund`, fields]);
    contains(html, 'This form was too old to be used.');
    ok(/name="id" value="erf_[0-9a-f]{16}"/.test(html), 'no new id');
    equal(await v.desk.refunds(orderId), []);
});

/* Orders of the demo that cannot be refunded, and what their pages and rows say. */
const OBSTACLES = [
    { order: 'ORD_90405', words: 'cash on delivery', code: 'CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED' },
    { order: 'ORD_90377', words: 'payment', code: 'CANNOT_PROCESS_AUTHORIZED_ORDER' },
    { order: 'ORD_90350', words: 'not', code: 'UNSUCCESSFUL_ORDER_PROCESS_FAILURE' },
    { order: 'ORD_90403', words: 'gateway', code: 'REFUND_REJECTED' },
    { order: 'ORD_90404', words: 'payment id', code: 'VALUE_NOT_FOUND' },
    { order: 'ORD_89815', words: 'too old', code: 'ORDER_TOO_OLD' },
    { order: 'ORD_90391', words: 'left', code: 'INVALID_AMOUNT_REFUND' },
    { order: 'ORD_90250', words: 'as many refunds', code: 'REFUND_CREATE_EXCEEDED_THE_LIMIT' },
];

test('an order that cannot be refunded says why, on its page and in the form', async v => {
    const page = await v.page('maker');
    for (const { order, words, code } of OBSTACLES) {
        await openOrder(page, order);
        const button = page.getByRole('button', { name: 'Create Refund' });
        equal(await button.count(), 1, `${order}: buttons`);
        ok(await button.isDisabled(), `${order}: the button is not disabled`);
        contains((await page.locator('#why-not').innerText()).toLowerCase(), words, order);
        equal(await button.getAttribute('aria-describedby'), 'why-not');
        await page.goto(`/orders/${order}/refund`);
        const refusal = await page.getByRole('alert').innerText();
        contains(refusal, code, order);
        equal(await page.getByRole('button', { name: 'Initiate Refund' }).count(), 0, order);
        await page.getByRole('link', { name: 'Close' }).click();
        await page.waitForURL(new RegExp(`/orders/${order}$`));
    }
});
