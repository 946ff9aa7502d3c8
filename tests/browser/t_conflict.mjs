// Settings > Conflict, and how orders tell of conflicts. Nothing is saved that other cases rely on:
// what is switched on stays on, the threshold goes back to what it was.
import { axe } from './browser.mjs';
import { contains, equal, ok, test } from './cases.mjs';

const PAGE = '/settings/conflict';
const LATE = 'ORD_90411'; // the demo's newest payment that came too late
const TWICE = 'ORD_90402';

async function isFine(page, what) {
    equal(await axe(page), [], what);
    for (const width of [375, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        ok(over <= 0, `${what}: ${over} px too wide at ${width}`);
    }
}

function preview(page) {
    return page.getByRole('button', { name: 'What would have happened' }).click();
}

for (const colorScheme of ['light', 'dark']) {
    test(`conflict: each of its pages is accessible and fits, ${colorScheme}`, async v => {
        const page = await v.page('admin', { colorScheme });
        await page.goto(PAGE);
        await isFine(page, 'as it is');
        await preview(page);
        await page.locator('#would table').first().waitFor();
        await isFine(page, 'what would have happened');
        await page.getByLabel('Threshold in Mins', { exact: false }).first().fill('0');
        await page.getByLabel('Notify on status conflict').check();
        await page.getByLabel('Conflict Status Email').fill('"><script>alert(1)</script>');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Nothing was saved.').waitFor();
        await isFine(page, 'with faults');
        equal(await page.getByLabel('Conflict Status Email').inputValue(), '"><script>alert(1)</script>');
        for (const order of [LATE, TWICE]) {
            await page.goto(`/orders/${order}`);
            await isFine(page, order);
        }
    });
}

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'beside the form' : 'without JavaScript';
    test(`conflict: what would have happened is shown before anything is saved, ${how}`, async v => {
        const page = await v.page('admin', { javaScriptEnabled });
        const loads = [];
        await page.goto(PAGE);
        page.on('request', r => r.isNavigationRequest() && loads.push(r.url()));
        await page.locator('#threshold_minutes').fill('2');
        await preview(page);
        await page.locator('#would table').first().waitFor();
        equal(loads.length, javaScriptEnabled ? 0 : 1);
        contains(await page.locator('#would-said').innerText(), 'would have been refunded.');
        const row = page.locator('#would tr', { has: page.getByRole('link', { name: LATE, exact: true }) });
        contains(await row.innerText(), 'after start; the limit is 2 min');
        const twice = page.locator('#would tr', { has: page.getByRole('link', { name: TWICE, exact: true }) });
        contains(await twice.innerText(), `charged beside demo_merchant-${TWICE}-1, which is kept`);
        equal(await page.locator('#threshold_minutes').inputValue(), '2');

        await page.locator('#threshold_minutes').fill('999999999');
        await page.getByLabel('Multiple charged Transactions').uncheck();
        await preview(page);
        await page.getByText('Nothing would have been refunded.').waitFor();
        contains(await page.locator('#would').innerText(), 'would only have been shown');

        await page.locator('#threshold_minutes').fill('x');
        await preview(page);
        await page.getByText('These values cannot be judged.').waitFor();
        contains(await page.locator('#would').innerText(), 'whole number of minutes');
        await page.goto(PAGE);
        equal(await page.locator('#threshold_minutes').inputValue(), '10');
    });

    test(`conflict: the address appears with its switch and is needed then, ${how}`, async v => {
        const page = await v.page('admin', { javaScriptEnabled });
        await page.goto(PAGE);
        const address = page.getByLabel('Conflict Status Email');
        ok(!await address.isVisible(), 'the address is there without its switch');
        await page.getByLabel('Notify on status conflict').check();
        await address.fill('');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Nothing was saved.').waitFor();
        contains(await page.locator('#emails-error').innerText(), 'is needed');
        ok(await address.isVisible(), 'the address with a fault is hidden');
    });
}

test('conflict: logged out meanwhile, looking leads to the login', async v => {
    const page = await v.page('admin');
    await page.goto(PAGE);
    await page.context().clearCookies();
    page.watch.allow(/^answer: 40[13] POST /);
    await preview(page);
    await page.waitForURL(url => url.pathname === '/login' || url.pathname === PAGE);
    equal(await page.locator('#would table').count(), 0);
});

test('conflict: switching on is asked again, and Back keeps what was typed, without JavaScript', async v => {
    const page = await v.page('admin', { javaScriptEnabled: false });
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await page.goto(PAGE);
    await page.getByLabel('Multiple charged Transactions').uncheck();
    await save.click();
    await page.waitForURL(url => url.searchParams.get('done') === 'saved');
    await page.getByLabel('Multiple charged Transactions').check();
    await page.getByLabel('Daily ceiling of JPY').fill('50000');
    await save.click();
    const asked = await page.locator('main').innerText();
    contains(asked, 'Switch auto refund on?');
    contains(asked, 'Demo Merchant: From now on every charge of an order but its first success');
    equal(await axeless(page), 0);
    await page.getByRole('button', { name: 'Back' }).click();
    ok(await page.getByLabel('Multiple charged Transactions').isChecked(), 'the switch went back');
    equal(await page.getByLabel('Daily ceiling of JPY').inputValue(), '50000');
    await page.getByLabel('Daily ceiling of JPY').fill('');
    await save.click();
    await page.getByRole('button', { name: 'Switch auto refund on' }).click();
    await page.waitForURL(url => url.searchParams.get('done') === 'saved');
    contains(await page.locator('main').innerText(), 'Saved.');
    ok(await page.getByLabel('Multiple charged Transactions').isChecked(), 'it is not on');
});

/* Inputs without a name that is read aloud. */
function axeless(page) {
    return page.locator('main input:not([type=hidden]):not([aria-label]):not([id])').count();
}

test('conflict: an order says why, which charge is kept, and what was done', async v => {
    const page = await v.page('viewer');
    await page.goto(`/orders/${LATE}`);
    const flag = page.locator('.alert', { hasText: 'Conflicted.' });
    contains(await flag.innerText(), 'after start; the limit is 10 min. It was refunded by itself.');
    await flag.getByRole('link').click();
    contains(await page.locator('main').innerText(), 'Delayed success');
    await page.goto(`/orders/${TWICE}`);
    contains(await page.locator('.alert', { hasText: 'Charged more than once.' }).innerText(),
        `Transaction demo_merchant-${TWICE}-2: charged beside demo_merchant-${TWICE}-1, which is kept.`);
});
