// An auto refund above the daily ceiling waits until a person approves or rejects it.
import { axe } from './browser.mjs';
import { contains, equal, test, until } from './cases.mjs';

const MINUTE_MS = 60_000;
const ABOVE_CEILING = 300_000;

function moment(ms) {
    return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/* The order of a payment whose success is told a quarter of an hour late. */
async function lateOrder(v) {
    const id = v.desk.name('late');
    const [began, ended] = [moment(Date.now() - 15 * MINUTE_MS), moment(Date.now())];
    const order = {
        order_id: id, amount: ABOVE_CEILING, currency: 'INR', status: 'CHARGED', date_created: began,
        txn_id: `${id}-1`, payment_method_type: 'CARD', payment_method: 'VISA',
        txn_detail: { txn_id: `${id}-1`, status: 'CHARGED', created: began, gateway: 'RAZORPAY', gateway_id: 23 },
        payment_gateway_response: { epg_txn_id: `pay_${id}`, created: ended },
    };
    await v.desk.api('POST', '/webhooks/juspay',
        { id, event_name: 'ORDER_SUCCEEDED', date_created: ended, content: { order } });
    await until(`${id} to be auto refunded`, async () => (await statusOf(v, id)) === 'AUTO_REFUNDED');
    return id;
}

/* NOT_FOUND until the worker has read the news. */
async function statusOf(v, id) {
    const found = await v.desk.api('GET', `/refunds?order_id=${id}`);
    return found.data.length ? (await v.desk.order(id)).status : 'NOT_FOUND';
}

async function openRefund(page, id) {
    await page.goto(`/orders/${id}`);
    await page.getByRole('link', { name: /^Refund AR/ }).click();
    await page.locator('.big .badge', { hasText: 'Awaiting approval' }).waitFor();
}

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? '' : ', without JavaScript';

    test(`approval: an auto refund above the ceiling goes out when it is approved${how}`, async v => {
        const id = await lateOrder(v);
        const maker = await v.page('maker'), checker = await v.page('checker', { javaScriptEnabled });
        await openRefund(maker, id);
        equal(await maker.locator('#approve, #reject').count(), 0, 'without the right to approve');
        await openRefund(checker, id);
        equal(javaScriptEnabled ? await axe(checker) : [], []);
        await checker.getByRole('button', { name: 'Approve refund' }).click();
        await until('the refund to succeed', async () => (await v.desk.refunds(id))[0].status === 'SUCCESS');
        equal((await v.desk.refunds(id)).map(r => [r.amount, r.initiated_by]), [[ABOVE_CEILING, 'AUTO_REFUNDED']]);
        await checker.reload();
        contains(await checker.locator('main').innerText(), 'approved by checker');
    });

    test(`approval: a rejected auto refund leaves the order charged, and says why${how}`, async v => {
        const id = await lateOrder(v);
        const checker = await v.page('checker', { javaScriptEnabled });
        await openRefund(checker, id);
        await checker.getByRole('link', { name: /^Reject/ }).click();
        await checker.getByLabel('Reason').fill('the customer came after all');
        await checker.getByRole('button', { name: /^Reject/ }).click();
        await checker.locator('.big .badge', { hasText: /^(Failure|Rejected)$/ }).waitFor();
        contains(await checker.locator('main').innerText(), 'the customer came after all');
        equal((await v.desk.order(id)).status, 'CHARGED');
        await checker.goto(`/orders/${id}`);
        contains(await checker.locator('.alert', { hasText: 'Conflicted.' }).innerText(), 'checker');
    });
}
