// Ways that money goes: split between parties, to another account; and what clients need: API keys and
// the API page.
import { axe } from './browser.mjs';
import { contains, equal, ok, test } from './cases.mjs';
import { confirmButton, fillCreate, initiate, openCreate, openOrder, seeStatus, waitForResult } from './steps.mjs';

const PAGE_BYTES = 50_000;
const KEYS = '/settings/api-keys';
const SPLIT = { marketplace: { amount: 40 }, vendor: { split: [
    { sub_mid: 'vendor_a', amount: 300 }, { sub_mid: 'vendor_with_a_rather_long_name', amount: 60 }] } };

function splitOrder(v) {
    return v.desk.chargedOrder({ metadata: { split_settlement_details: SPLIT } });
}

async function isFine(page, what) {
    for (const width of [375, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        equal(await axe(page), [], `${what} at ${width}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        ok(over <= 0, `${what}: ${over} px too wide at ${width}`);
    }
}

/* ---- split ---------------------------------------------------------------------------------- */

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'in the popup' : 'without JavaScript';
    test(`split: parties give back their parts, ${how}`, async v => {
        const orderId = await splitOrder(v);
        const page = await v.page('maker', { javaScriptEnabled });
        await openOrder(page, orderId);
        contains(await page.locator('main').innerText(), 'vendor_a');
        await openCreate(page);
        await fillCreate(page, { reason: 'GOODWILL' });
        await page.getByLabel('Marketplace gives back').fill('');
        await page.getByLabel('vendor_a gives back').fill('300.01');
        await initiate(page);
        await page.getByText('More than it has left: 300.00 INR.').waitFor();
        await page.getByLabel('vendor_a gives back').fill('100.50');
        if (javaScriptEnabled) {
            equal(await page.locator('#amount-live').innerText(),
                'Customer gets 160.50 · 239.50 stays refundable');
        }
        await initiate(page);
        await confirmButton(page).waitFor();
        contains(await page.locator('.words').innerText(), 'refunds 160.50 INR');
        contains(await page.locator('.parts').last().innerText(), '100.50');
        await confirmButton(page).click();
        await waitForResult(page);
        await seeStatus(page, 'Success');
        equal((await v.desk.refunds(orderId)).map(r => r.amount), [160.5]);
        await page.locator('tr.fresh').getByRole('link').first().click();
        await page.getByRole('heading', { name: 'Split settlement' }).waitFor();
        contains(await page.locator('.parts').innerText(), 'vendor_with_a_rather_long_name');
    });
}

test('split: "Refund the rest" fills every part', async v => {
    const page = await v.page('maker');
    await openOrder(page, await splitOrder(v));
    await openCreate(page);
    const field = page.getByLabel('vendor_a gives back');
    await field.fill('1');
    await page.getByRole('button', { name: 'Refund the rest' }).click();
    equal(await field.inputValue(), '300.00');
    contains(await page.locator('#amount-live').innerText(), 'Customer gets 400.00');
});

/* ---- payout --------------------------------------------------------------------------------- */

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without';
    test(`payout: to another account, asked again in words, once, ${how}`, async v => {
        const orderId = await v.desk.chargedOrder();
        const page = await v.page('maker', { javaScriptEnabled });
        await openOrder(page, orderId);
        await openCreate(page);
        await page.getByRole('link', { name: 'To another account' }).click();
        await page.getByRole('link', { name: 'UPI', exact: true }).click();
        await page.getByLabel('Name of the holder').fill('Asha Rao');
        await page.getByLabel('UPI id').fill('not an address');
        await fillCreate(page, { amount: '120', reason: 'GOODWILL' });
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.locator('.is-invalid').waitFor();
        await page.getByLabel('UPI id').fill('asha@bank');
        await page.getByRole('button', { name: 'Continue' }).click();
        const words = await page.locator('.words').innerText();
        contains(words, 'pays 120.00 INR');
        contains(words, 'Asha Rao');
        contains(words, 'does not go back to');
        await page.getByRole('button', { name: 'Pay out 120.00 INR' }).dblclick();
        await waitForResult(page);
        await seeStatus(page, 'Success');
        const refunds = await v.desk.refunds(orderId);
        equal(refunds.map(r => [r.amount, r.refund_type]), [[120, 'PAYOUT']]);
        await page.locator('tr.fresh').getByRole('link').first().click();
        await page.getByRole('heading', { name: 'Paid to another account' }).waitFor();
        ok(!(await page.content()).includes('asha@bank'), 'the whole account is shown');
    });
}

/* ---- API keys and the API page --------------------------------------------------------------- */

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without';
    test(`API keys: made, shown once, used, revoked, ${how}`, async v => {
        const page = await v.page('admin', { javaScriptEnabled });
        page.watch.allow(/ERR_CACHE_MISS/);
        const name = v.desk.name('key');
        await page.goto(KEYS);
        await page.getByLabel('Name').fill(name);
        await page.getByRole('checkbox', { name: /^refund/ }).uncheck();
        await page.getByRole('button', { name: 'Make the key' }).click();
        const key = (await page.locator('[data-once]').innerText()).trim();
        ok(/^rdk_[A-Za-z0-9_-]{43}$/.test(key), key);
        ok(!page.url().includes(key), 'the key is in the address');
        const status = async () => (await fetch(`${v.desk.credentials.api_url}/orders/ORD_90412`,
            { headers: { authorization: 'Basic ' + btoa(key + ':') } })).status;
        equal(await status(), 200);
        await page.getByRole('link', { name: 'I have copied it' }).click();
        await page.getByRole('heading', { name: 'Make a key' }).waitFor();
        ok(!(await page.content()).includes(key), 'the key is shown again');
        await page.goBack().catch(error => contains(error.message, 'ERR_CACHE_MISS'));
        ok(!(await page.content()).includes(key), 'Back shows the key');
        await page.goto(KEYS);
        await page.getByRole('button', { name: `Revoke ${name}` }).click();
        contains(await page.locator('main').innerText(), name);
        await page.getByRole('button', { name: 'Revoke the key' }).click();
        await page.waitForURL(url => url.searchParams.get('done') === 'revoked');
    });
}

test('API page: every part of it is below its weight and copies its lines', async v => {
    const page = await v.page('maker');
    await page.goto('/api-docs');
    const paths = await page.locator('main h2 a').evaluateAll(all => all.map(a => a.getAttribute('href')));
    ok(paths.length > 1, 'no groups');
    for (const path of ['/api-docs', ...paths]) {
        const bytes = (await (await page.send('GET', path)).body()).length;
        ok(bytes <= PAGE_BYTES, `${path}: ${bytes} bytes`);
    }
    await page.goto(paths[0]);
    const line = page.locator('pre.copied').first();
    contains(await line.innerText(), '$API_KEY');
    await line.getByRole('button', { name: /^Copy/ }).waitFor();
    ok(!(await page.content()).includes('rdk_'), 'a key stands in the page');
});

/* ---- each page in both themes ----------------------------------------------------------------- */

for (const colorScheme of ['light', 'dark']) {
    test(`ways: each page is accessible and fits, ${colorScheme}`, async v => {
        const orderId = await splitOrder(v);
        const page = await v.page('admin', { colorScheme });
        for (const path of [KEYS, '/api-docs', '/api-docs/beneficiaries', '/api-docs/fields-Refund',
            `/orders/${orderId}`, `/orders/${orderId}/refund`, `/orders/${orderId}/payout?to=BANK_TRANSFER`]) {
            await page.goto(path);
            await isFine(page, path);
        }
        await page.goto(`/orders/${orderId}/payout?to=UPI_ID`);
        await page.getByLabel('Name of the holder').fill('Asha Rao');
        await page.getByLabel('UPI id').fill('asha@bank');
        await fillCreate(page, { reason: 'GOODWILL' });
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByRole('button', { name: /^Pay out/ }).waitFor();
        await isFine(page, 'the confirmation of a payout');
        await page.goto(KEYS);
        await page.getByLabel('Name').fill('é');
        await page.getByRole('button', { name: 'Make the key' }).click();
        await page.getByText('No key was made.').waitFor();
        await isFine(page, 'a fault');
    });
}
