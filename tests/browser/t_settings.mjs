// Settings > General, and what its amounts do to Create Refund. Nothing here changes what other cases
// rely on: grave questions are asked, not answered.
import { axe } from './browser.mjs';
import { contains, equal, ok, test } from './cases.mjs';
import { confirmButton, fillCreate, initiate, openCreate, openOrder, waitForResult } from './steps.mjs';

const PAGE = '/settings/general';
const LARGE = '250000'; // the demo's merchant types from 200000.00 INR on

async function isFine(page, what) {
    equal(await axe(page), [], what);
    for (const width of [375, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        ok(over <= 0, `${what}: ${over} px too wide at ${width}`);
    }
}

for (const colorScheme of ['light', 'dark']) {
    test(`settings: each of its pages is accessible and fits, ${colorScheme}`, async v => {
        const page = await v.page('admin', { colorScheme });
        await page.goto(PAGE);
        await isFine(page, 'as it is');
        await page.getByLabel('Hold before sending').fill('901');
        await page.getByLabel('Time zone').fill('Mars/Olympus');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Nothing was saved.').waitFor();
        await isFine(page, 'with faults');
        equal(await page.getByLabel('Time zone').inputValue(), 'Mars/Olympus');
        await page.goto(PAGE);
        await page.getByLabel('Test mode').uncheck();
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByRole('heading', { name: 'Leave test mode?' }).waitFor();
        await isFine(page, 'a question');
    });
}

test('settings: saved, and said so, without JavaScript', async v => {
    const page = await v.page('admin', { javaScriptEnabled: false });
    for (const days of ['366', '365']) {
        await page.goto(PAGE);
        await page.getByLabel('Oldest order').fill(days);
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.waitForURL(url => url.searchParams.get('done') === 'saved');
        contains(await page.locator('main').innerText(), 'Saved.');
        equal(await page.getByLabel('Oldest order').inputValue(), days);
    }
});

test('settings: stopping is asked again, and Back keeps the reason, without JavaScript', async v => {
    const page = await v.page('admin', { javaScriptEnabled: false });
    await page.goto(PAGE);
    await page.getByLabel('Reason').fill('a drill');
    await page.getByRole('button', { name: 'Stop all sending' }).click();
    contains(await page.locator('main').innerText(), 'Stop all sending?');
    await page.getByRole('button', { name: 'Back' }).click();
    equal(await page.getByLabel('Reason').inputValue(), 'a drill');
    equal(await page.getByText('ALL SENDING IS STOPPED').count(), 0);
});

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'in the popup' : 'without JavaScript';
    test(`settings: a large refund is typed to confirm, ${how}`, async v => {
        const orderId = await v.desk.chargedOrder({ amount: LARGE });
        const page = await v.page('maker', { javaScriptEnabled });
        await openOrder(page, orderId);
        await openCreate(page);
        await fillCreate(page, {});
        await initiate(page);
        const typed = page.getByLabel('Type the amount');
        await typed.fill('25000');
        await confirmButton(page).click();
        await page.locator('#typed.is-invalid').waitFor();
        contains(await page.locator('#typed-error').innerText(), 'Type exactly 250000.00');
        if (javaScriptEnabled) {
            equal(await axe(page), []); // axe is a script itself
        }
        equal((await v.desk.refunds(orderId)).length, 0);
        await page.getByLabel('Type the amount').fill('250000.00');
        await confirmButton(page).click();
        await waitForResult(page);
        equal((await v.desk.refunds(orderId)).map(r => r.amount), [250000]);
    });
}
