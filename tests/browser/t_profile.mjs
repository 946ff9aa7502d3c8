// The profile: which mails one gets. Each case leaves the user without an address, as the demo has it.
import { axe } from './browser.mjs';
import { contains, equal, ok, test } from './cases.mjs';

const PAGE = '/profile';

async function isFine(page, what) {
    for (const width of [375, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        equal(await axe(page), [], `${what} at ${width}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        ok(over <= 0, `${what}: ${over} px too wide at ${width}`);
    }
}

async function save(page, address) {
    await page.getByLabel('E-mail address').fill(address);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
}

for (const colorScheme of ['light', 'dark']) {
    test(`profile: accessible and fits, ${colorScheme}`, async v => {
        const page = await v.page('admin', { colorScheme });
        await page.goto('/orders');
        await page.locator('.user summary').click();
        await isFine(page, 'the menu of the user');
        await page.getByRole('link', { name: 'Profile and mails' }).click();
        await page.waitForURL(url => url.pathname === PAGE);
        await isFine(page, 'as it is');
        await save(page, 'nobody@nowhere');
        await page.getByText('Nothing was saved.').waitFor();
        await isFine(page, 'with a fault');
        equal(await page.getByLabel('E-mail address').inputValue(), 'nobody@nowhere');
        contains(await page.locator('main').innerText(), 'has a domain without a dot');
    });
}

// Cases run side by side: each has a user of its own.
for (const [user, javaScriptEnabled] of [['maker', true], ['viewer', false]]) {
    test(`profile: chosen, and said so, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async v => {
        const page = await v.page(user, { javaScriptEnabled });
        const done = page.getByLabel('Auto refund done');
        await page.goto(PAGE);
        contains(await page.locator('main').innerText(), 'No mail server is set up');
        equal(await page.getByLabel('Approval requested').count(), 0);
        await done.check();
        await save(page, `${user}@example.com`);
        await page.waitForURL(url => url.searchParams.get('done') === 'saved');
        contains(await page.locator('main').innerText(), `Your mails go to ${user}@example.com.`);
        ok(await done.isChecked(), 'the box stays checked');
        await done.uncheck();
        await save(page, '');
        await page.getByText('You have no address here').waitFor();
        equal(await page.getByLabel('E-mail address').inputValue(), '');
    });
}
