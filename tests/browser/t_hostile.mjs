// Text that would be markup, script or template stays text on every page.
import { contains, equal, ok, test, until } from './cases.mjs';
import { REFUND_PAGE, confirmButton, fillCreate, findOrder, initiate, openOrder, waitForResult } from './steps.mjs';

const MARK = 'xss-mark'; // an element that no page has
const RAW = `"'><${MARK} onmouseover=alert(1)><script>alert(2)</script><img src=/nowhere.png onerror=alert(3)>` +
    '&amp;&#39;<?cs var:x ?><?cs name:Config ?>{{7*7}}${7*7}<!--]]>';
/* An order id has no blank and none of / \ ? # % */
const ORDER_ID = `"'><${MARK}>&amp;<img@src=x>{{7*7}}\${7*7}`;

/* Nothing of the text became part of the page; the watch sees dialogs and loads. */
async function checkInert(page, what) {
    const found = await page.evaluate(mark => [
        document.querySelectorAll(mark).length,
        document.querySelectorAll('script:not([src]), main img, [onerror], [onmouseover], style').length,
    ], MARK);
    equal(found, [0, 0], `${what}: injected elements`);
}

async function checkShows(page, text, what) {
    await checkInert(page, what);
    contains(await page.locator('body').innerText(), text, what);
}

/* innerText folds nothing of RAW: it has single blanks only. */
test('a hostile string in every field of an order is text on every page', async v => {
    const fields = {};
    for (const name of ['customer_id', 'customer_email', 'customer_phone', 'description']) {
        fields[name] = RAW;
    }
    for (let i = 1; i <= 10; i++) {
        fields['udf' + i] = `${i}${RAW}`.slice(0, 255);
    }
    const short = RAW.slice(0, 64);
    await v.desk.chargedOrder({ ...fields, order_id: ORDER_ID, product_id: short, return_url: RAW,
        metadata: { [RAW]: RAW } });
    const { payment_gateway_response: payment } = await v.desk.order(ORDER_ID);
    await v.desk.fault({ fault: 'refuse', match: { operation: 'refund', payment_id: payment.epg_txn_id },
        times: 1, code: short, message: RAW });

    const page = await v.page('maker');
    page.watch.allow(); // nothing: not even an image of a field may be asked for
    await findOrder(page, ORDER_ID);
    await checkShows(page, RAW.slice(0, 40), 'list');
    contains(await page.locator('tbody').innerText(), ORDER_ID);
    equal(await page.getByLabel('Search any id').inputValue(), ORDER_ID);

    await page.locator('tbody').getByRole('link', { name: ORDER_ID }).click();
    await page.waitForURL(url => decodeURIComponent(url.pathname) === '/orders/' + ORDER_ID);
    await checkShows(page, RAW, 'order');
    const whole = (await page.locator('dd').allInnerTexts()).filter(text => text.trim() === RAW);
    ok(whole.length >= 4, `fields shown whole: ${whole.length}`);
    for (let i = 1; i <= 10; i++) {
        contains(await page.locator('main').innerText(), fields['udf' + i]);
    }

    await page.getByRole('link', { name: 'Create Refund' }).click();
    await fillCreate(page, { amount: RAW.slice(0, 20), note: RAW });
    await checkInert(page, 'popup');
    await initiate(page);
    await page.locator('#amount-error').waitFor();
    await checkInert(page, 'refused popup');
    equal(await page.locator('#note').inputValue(), RAW);
    await fillCreate(page, { amount: '10' });
    await initiate(page);
    await confirmButton(page).waitFor();
    await checkShows(page, RAW, 'confirmation');
    await confirmButton(page).click();
    await waitForResult(page);
    await checkInert(page, 'result');
    await until('the refusal to be shown', async () => {
        await page.reload();
        return (await page.locator('tr.fresh').innerText()).includes(RAW);
    });
    await checkShows(page, RAW, 'result');

    await page.locator('tr.fresh').getByRole('link').first().click();
    await page.waitForURL(REFUND_PAGE);
    for (const fold of await page.locator('details').all()) {
        await fold.evaluate(e => { e.open = true; });
    }
    await checkShows(page, RAW, 'refund');
    await page.goto('/refunds');
    await checkShows(page, RAW, 'refunds');
});

test('a hostile unique_request_id by the API is text on every page', async v => {
    const orderId = await v.desk.chargedOrder();
    await v.desk.api('POST', `/orders/${orderId}/refunds`, { unique_request_id: RAW, amount: '9' });
    const page = await v.page('maker');
    await openOrder(page, orderId);
    const link = page.getByRole('region', { name: 'Refunds' }).getByRole('link').first();
    equal((await link.textContent()).trim(), RAW);
    await checkInert(page, 'order');
    await link.click();
    await page.waitForURL(REFUND_PAGE);
    await checkShows(page, RAW, 'refund');
    contains(await page.title(), RAW);
    await findOrder(page, RAW);
    await checkShows(page, RAW, 'search');
});

test('an order id that ends like a file nobody may see is an order like any other', async v => {
    const page = await v.page('maker');
    for (const end of ['~', '.inc', '.map.gz', '.css']) {
        const orderId = await v.desk.chargedOrder({ order_id: v.desk.name('like') + end });
        await findOrder(page, orderId);
        await page.locator('tbody').getByRole('link', { name: orderId }).click();
        await page.waitForURL(url => url.pathname === '/orders/' + orderId);
        contains(await page.title(), orderId);
    }
});

test('what was searched for is text', async v => {
    const page = await v.page('maker');
    await page.goto('/orders?q=' + encodeURIComponent(RAW));
    await checkShows(page, RAW, 'search');
    equal(await page.getByLabel('Search any id').inputValue(), RAW);
});

test('a hostile address and a hostile login are text', async v => {
    const page = await v.page(null);
    page.watch.allow(/^answer: 4/);
    await page.goto('/login?next=' + encodeURIComponent(RAW));
    await checkInert(page, 'login');
    await page.getByLabel('User name').fill(RAW.slice(0, 100));
    await page.getByLabel('Password').fill(RAW);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    await checkInert(page, 'refused login');
    equal(await page.getByLabel('User name').inputValue(), RAW.slice(0, 100));
    for (const path of ['/<xss-mark>', '/orders/<xss-mark>', '/static/<xss-mark>', '/refunds/<xss-mark>']) {
        await page.goto(path);
        await checkInert(page, path);
    }
});

test("the demo's hostile order is text on every page", async v => {
    const text = '<script>alert(1)</script>"\'&';
    const page = await v.page('maker');
    for (const path of ['/orders/ORD_90409', '/refunds', '/orders/ORD_90409/refund']) {
        await page.goto(path);
        await checkShows(page, text, path);
    }
    await findOrder(page, 'ORD_90409');
    await checkShows(page, text, 'list');
    await openOrder(page, 'ORD_90409');
    const refunds = await page.getByRole('region', { name: 'Refunds' }).getByRole('link').evaluateAll(
        links => links.map(link => link.getAttribute('href')));
    ok(refunds.length === 2, `refunds: ${refunds}`);
    for (const path of refunds) {
        await page.goto(path);
        await checkShows(page, text, path);
    }
});
