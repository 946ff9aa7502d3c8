// An operator refunds an order and sees it succeed; however often he asks, once.
import { contains, equal, ok, test } from './cases.mjs';
import { REFUND_PAGE, confirmButton, fillCreate, findOrder, formFields, initiate, openCreate, openOrder,
    seeStatus, waitForResult } from './steps.mjs';
import { logIn } from './browser.mjs';

/* From the login to Success, with what the customer gets back checked in the desk itself. */
async function refundFromLogin(v, page) {
    const orderId = await v.desk.chargedOrder();
    await logIn(page, 'maker', v.desk.password('maker'));
    await findOrder(page, orderId);
    contains(await page.locator('main').innerText(), 'is an order id');
    await page.locator('tbody').getByRole('link', { name: orderId }).click();
    contains(await page.locator('main').innerText(), '400.00');

    await openCreate(page);
    await fillCreate(page, { amount: '150.25', note: 'one of two came broken' });
    await initiate(page);
    await confirmButton(page).waitFor();
    const merchant = await page.locator('nav .merchant').innerText();
    contains(await page.locator('.words').innerText(), `${merchant} refunds 150.25 INR`);
    equal(await confirmButton(page).innerText(), 'Refund 150.25 INR');
    await confirmButton(page).click();
    await waitForResult(page);
    contains(await page.getByRole('status').first().innerText(), 'Refund created. 150.25 INR');
    await seeStatus(page, 'Success');
    contains(await page.locator('.equation').innerText(), '249.75');

    await page.locator('tr.fresh').getByRole('link').first().click();
    await page.waitForURL(REFUND_PAGE);
    contains(await page.locator('main').innerText(), 'one of two came broken');
    contains(await page.locator('.timeline-list').innerText(), 'maker');
    const refunds = await v.desk.refunds(orderId);
    equal(refunds.map(r => [r.amount, r.status, r.initiated_by]), [[150.25, 'SUCCESS', 'maker']]);
}

test('a refund from the login to Success', async v => {
    await refundFromLogin(v, await v.page(null));
});

test('the same without JavaScript', async v => {
    await refundFromLogin(v, await v.page(null, { javaScriptEnabled: false }));
});

test('the popup opens from the list too, and comes back to it', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await findOrder(page, orderId);
    await openCreate(page);
    ok(await page.locator('dialog[open]').isVisible(), 'no popup');
    contains(await page.locator('#popup-title').innerText(), orderId);
    await page.getByRole('link', { name: 'Close' }).click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    equal(new URL(page.url()).pathname, '/orders');
});

test('the popup counts while one types', async v => {
    const page = await v.page('maker');
    await openOrder(page, await v.desk.chargedOrder());
    await openCreate(page);
    const live = page.locator('#amount-live');
    const says = async (amount, words) => {
        await page.locator('#amount').fill(amount);
        equal(await live.innerText(), words, amount);
    };
    await says('150.25', 'Customer gets 150.25 · 249.75 stays refundable');
    await says('400.01', 'More than is refundable: 400.00 INR is left.');
    await says('399.50', 'Customer gets 399.50 · 0.50 stays refundable, which is less than the ' +
        'smallest refund and could never be given back');
    await says('1,5', 'Digits, with a point before at most 2 decimals.');
    await page.getByRole('button', { name: 'Refund the rest' }).click();
    equal(await page.locator('#amount').inputValue(), '400.00');
});

test('Back in the confirmation keeps what was typed', async v => {
    for (const javaScriptEnabled of [true, false]) {
        const page = await v.page('maker', { javaScriptEnabled });
        await openOrder(page, await v.desk.chargedOrder());
        await openCreate(page);
        await fillCreate(page, { amount: '12.50', reason: 'GOODWILL', note: 'a "note" & <more>' });
        await initiate(page);
        await confirmButton(page).waitFor();
        await page.getByRole('button', { name: 'Back' }).click();
        await page.locator('#amount').waitFor();
        equal(await page.locator('#amount').inputValue(), '12.50');
        equal(await page.locator('#reason').inputValue(), 'GOODWILL');
        equal(await page.locator('#note').inputValue(), 'a "note" & <more>');
    }
});

test('a refund that the gateway refuses is shown as Failure with its words', async v => {
    const orderId = await v.desk.chargedOrder();
    const { payment_gateway_response: payment } = await v.desk.order(orderId);
    await v.desk.fault({ fault: 'refuse', match: { operation: 'refund', payment_id: payment.epg_txn_id },
        times: 1, code: 'CARD_CLOSED', message: 'The card account is closed.' });
    const page = await v.page('maker');
    await openOrder(page, orderId);
    await openCreate(page);
    await fillCreate(page, {});
    await initiate(page);
    await confirmButton(page).click();
    await waitForResult(page);
    await seeStatus(page, 'Failure');
    contains(await page.locator('tr.fresh').innerText(), 'The card account is closed.');
    contains(await page.locator('.equation').innerText(), '400.00 INR');
});

/* ---- once ----------------------------------------------------------------------------------- */

async function toConfirmation(page, orderId, amount = '100.00') {
    await openOrder(page, orderId);
    await openCreate(page);
    await fillCreate(page, { amount });
    await initiate(page);
    await confirmButton(page).waitFor();
}

test('a double click on the confirmation makes one refund', async v => {
    for (const javaScriptEnabled of [true, false]) {
        const orderId = await v.desk.chargedOrder();
        const page = await v.page('maker', { javaScriptEnabled });
        await toConfirmation(page, orderId);
        await confirmButton(page).dblclick();
        await waitForResult(page);
        await seeStatus(page, 'Success');
        equal((await v.desk.refunds(orderId)).length, 1);
    }
});

test('the same form sent ten times at once makes one refund, and every answer leads to it', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await toConfirmation(page, orderId);
    const fields = await formFields(page);
    const places = await page.evaluate(([url, form]) => Promise.all(Array.from({ length: 10 }, () =>
        fetch(url, { method: 'POST', body: new URLSearchParams({ ...form, step: 'initiate' }) })
            .then(answer => answer.url.replace('&again=1', '')))), [`/orders/${orderId}/refund`, fields]);
    equal(new Set(places).size, 1, places.join(' '));
    contains(places[0], `/orders/${orderId}?new=`);
    equal((await v.desk.refunds(orderId)).length, 1);
});

/* The confirmation was the answer of a POST, and is not kept: the browser shows its own question
   instead, and sends the POST again when told to. */
test('going back and sending again shows the first refund', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker', { javaScriptEnabled: false });
    page.watch.allow(/ERR_CACHE_MISS/);
    await toConfirmation(page, orderId);
    const fields = await formFields(page);
    await confirmButton(page).click();
    await waitForResult(page);
    const result = page.url();

    await page.goBack().catch(error => contains(error.message, 'ERR_CACHE_MISS'));
    equal(await confirmButton(page).count(), 0, 'the confirmation was kept');
    for (const step of ['confirm', 'initiate']) {
        const answer = await page.send('POST', `/orders/${orderId}/refund`, { form: { ...fields, step } });
        equal(answer.url(), result + '&again=1');
        contains(await answer.text(), 'Nothing was done twice.');
    }
    equal((await v.desk.refunds(orderId)).length, 1);
});

test('reloading the result and going back in the popup make no second refund', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await toConfirmation(page, orderId);
    await confirmButton(page).click();
    await waitForResult(page);
    await page.reload();
    await page.goBack();
    equal(await page.locator('dialog[open]').count(), 0);
    equal((await v.desk.refunds(orderId)).length, 1);
});

test('two tabs cannot refund more than there is', async v => {
    const orderId = await v.desk.chargedOrder();
    const one = await v.page('maker');
    const two = await one.context().newPage();
    await toConfirmation(one, orderId, '400.00');
    await toConfirmation(two, orderId, '300.00');
    await confirmButton(one).click();
    await waitForResult(one);
    await confirmButton(two).click();
    const refusal = two.locator('#popup').getByRole('alert');
    contains(await refusal.innerText(), 'INVALID_AMOUNT_REFUND');
    contains(await refusal.innerText(), 'Nothing is left to refund.');
    equal((await v.desk.refunds(orderId)).length, 1);
});

test('two tabs with one form make one refund', async v => {
    const orderId = await v.desk.chargedOrder();
    const one = await v.page('maker');
    await toConfirmation(one, orderId);
    const two = await one.context().newPage();
    await openOrder(two, orderId);
    const fields = await formFields(one);
    await confirmButton(one).click();
    await waitForResult(one);
    const where = await two.evaluate(([url, form]) => fetch(url, { method: 'POST',
        body: new URLSearchParams({ ...form, step: 'initiate' }) }).then(answer => answer.url),
    [`/orders/${orderId}/refund`, fields]);
    equal(where, one.url() + '&again=1');
    equal((await v.desk.refunds(orderId)).length, 1);
});
