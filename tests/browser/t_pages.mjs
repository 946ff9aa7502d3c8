// Every page: no accessibility violation, no sideways scroll, not too heavy, of help when empty.
import { axe } from './browser.mjs';
import { contains, equal, ok, test } from './cases.mjs';
import { REFUND_PAGE, complete, confirmButton, fillCreate, initiate, openCreate } from './steps.mjs';

const WIDTHS = [375, 768, 1280, 1920];
const AXE_WIDTHS = [375, 1280, 1920];
// What a theme or a wider window can break; the rest is the same document.
const OF_LOOKS = ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'];
const LIST_BYTES = 50_000;

const PLACES = {
    'orders': '/orders',
    'orders, deeper': '/orders',
    'orders, one found': '/orders?q=ORD_90412',
    'orders, none found': '/orders?q=nothing',
    'order': '/orders/ORD_90398',
    'order, hostile': '/orders/ORD_90409',
    'order, split': '/orders/ORD_90406',
    'order, cash': '/orders/ORD_90405',
    'order, 25 refunds': '/orders/ORD_90250',
    'order, auto refunded': '/orders/ORD_90411',
    'refunds': '/refunds',
    'refunds, Awaiting approval (none)': '/refunds',
    'refunds, Failure': '/refunds',
    'refunds, Manual Review': '/refunds',
    'form': '/orders/ORD_90412/refund',
    'form, closed': '/orders/ORD_90391/refund',
    'settings': '/settings/general',
    'API keys': '/settings/api-keys',
    'profile': '/profile',
    'totals': '/totals/orders',
    'totals of refunds': '/totals/refunds?tab=failure',
    'no such filter': '/orders?tab=nothing',
    'batches, none': '/batch/batch-refunds?part=nothing',
    'batch, new': '/batch/batch-refunds/new',
    'help': '/help',
    'no page': '/nowhere',
    'no order': '/orders/nothing',
    'no refund': '/refunds/1',
};

/* The next or the previous page of a list. */
async function turn(page, rel) {
    const link = page.locator(`.pager a[rel=${rel}]`);
    const where = new URL(await link.getAttribute('href'), page.url());
    await link.click();
    await page.waitForURL(where.href);
}

async function openTab(page, label) {
    const tab = page.locator('.nav-tabs').getByRole('link', { name: new RegExp('^' + label) });
    const where = new URL(await tab.getAttribute('href'), page.url());
    await tab.click();
    await page.waitForURL(where.href);
}

async function atWidth(page, width) {
    await page.setViewportSize({ width, height: 800 });
    // The layout is done when the next frame comes.
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/* What the dark theme adds to it. */
async function dark(page) {
    await page.emulateMedia({ colorScheme: 'dark' });
    const found = await axe(page, OF_LOOKS);
    await page.emulateMedia({ colorScheme: 'light' });
    return found;
}

/* What is wrong with the page as it stands, in every width and both themes. */
async function flaws(page, name) {
    const found = [];
    await complete(page);
    for (const width of WIDTHS) {
        await atWidth(page, width);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) {
            found.push(`${name} at ${width}: ${over} px too wide`);
        }
        if (AXE_WIDTHS.includes(width)) {
            const rules = width === AXE_WIDTHS.at(-1) ? OF_LOOKS : null;
            found.push(...(await axe(page, rules)).map(text => `${name} at ${width}: ${text}`));
            found.push(...(await dark(page)).map(text => `${name} at ${width}, dark: ${text}`));
        }
    }
    return found;
}

async function checkPlaces(v, places) {
    const page = await v.page('admin');
    page.watch.allow(/^answer: 40[04] GET/);
    const found = [];
    for (const [name, path] of places) {
        await page.goto(path);
        if (name === 'orders, deeper') {
            await turn(page, 'next');
        }
        if (name.startsWith('refunds, ')) {
            await openTab(page, name.slice('refunds, '.length).replace(' (none)', ''));
        }
        found.push(...await flaws(page, name));
    }
    equal(found, []);
}

const isOrder = ([name]) => name.startsWith('order');

test('the orders and each kind of order: axe is content, nothing scrolls sideways', v =>
    checkPlaces(v, Object.entries(PLACES).filter(isOrder)));

for (const half of [0, 1]) {
    test(`every other page: axe is content, nothing scrolls sideways: half ${half + 1}`, v =>
        checkPlaces(v, Object.entries(PLACES).filter(place => !isOrder(place)).filter((p, i) => i % 2 === half)));
}

test('the popup, refused and to be confirmed: axe is content, nothing scrolls sideways', async v => {
    const page = await v.page('maker');
    const found = [];
    await page.goto('/orders/ORD_90412');
    await openCreate(page);
    found.push(...await flaws(page, 'popup'));
    await fillCreate(page, { amount: '99999', note: 'x'.repeat(200) });
    await initiate(page);
    await page.locator('#amount-error').waitFor();
    found.push(...await flaws(page, 'popup, refused'));
    await fillCreate(page, { amount: '10' });
    await initiate(page);
    await page.locator('button[value=initiate]:enabled').waitFor();
    found.push(...await flaws(page, 'popup, confirmation'));
    await page.goto('/refunds');
    await openTab(page, 'Failure');
    await page.getByRole('region', { name: 'Refunds' }).locator('a[href^="/refunds/"]').first().click();
    await page.waitForURL(REFUND_PAGE);
    for (const fold of await page.locator('details').all()) {
        await fold.evaluate(e => { e.open = true; });
    }
    found.push(...await flaws(page, 'refund'));
    equal(found, []);
});

test('pages of nobody, and of who may little: axe is content, nothing scrolls sideways', async v => {
    const found = [];
    const nobody = await v.page(null);
    nobody.watch.allow(/^answer: 4/);
    await nobody.goto('/login');
    found.push(...await flaws(nobody, 'login'));
    await nobody.getByLabel('User name').fill('nobody-at-all');
    await nobody.getByLabel('Password').fill('wrong');
    await nobody.getByRole('button', { name: 'Log in' }).click();
    await nobody.getByRole('alert').waitFor();
    found.push(...await flaws(nobody, 'login, refused'));
    await nobody.goto('/static/nowhere.css');
    found.push(...await flaws(nobody, "lighttpd's 404"));
    const viewer = await v.page('viewer');
    viewer.watch.allow(/^answer: 403 GET/);
    await viewer.goto('/orders/ORD_90412/refund');
    found.push(...await flaws(viewer, '403'));
    await viewer.goto('/orders/ORD_90412');
    found.push(...await flaws(viewer, 'order of a viewer'));
    equal(found, []);
});

test('a list of 25 rows weighs at most 50 kB', async v => {
    const page = await v.page('maker');
    for (const path of ['/orders', '/refunds']) {
        const answer = await page.send('GET', path);
        const bytes = (await answer.body()).length;
        await page.goto(path);
        equal(await page.locator('tbody tr').count(), 25, path);
        console.log(`   ${path}: ${bytes} bytes, 25 rows`);
        ok(bytes <= LIST_BYTES, `${path}: ${bytes} bytes`);
    }
});

test('the menu shows what there is and where one is', async v => {
    const page = await v.page('maker');
    for (const [path, label] of [['/orders', 'Orders'], ['/orders/ORD_90412', 'Orders'], ['/refunds', 'Refunds']]) {
        await page.goto(path);
        const menu = page.getByRole('navigation', { name: 'Main' });
        equal((await menu.locator('li').allInnerTexts()).slice(0, 2), ['Orders', 'Refunds'], path);
        equal(await menu.locator('[aria-current=page]').innerText(), label, path);
        contains(await page.locator('.band').first().innerText(), 'TEST MODE');
    }
});

test('keyset paging goes through the list and back', async v => {
    const page = await v.page('maker');
    await page.goto('/orders');
    const ids = () => page.locator('tbody td.id').allInnerTexts();
    const first = await ids();
    await turn(page, 'next');
    const second = await ids();
    equal(second.filter(id => first.includes(id)), [], 'an order is on both pages');
    await turn(page, 'prev');
    equal(await ids(), first);
});

test('error pages and empty pages say what to do', async v => {
    const page = await v.page('maker');
    page.watch.allow(/^answer: 404 GET/);
    const says = async (path, ...words) => {
        await page.goto(path);
        await help(path, ...words);
    };
    const help = async (path, ...words) => {
        const text = await page.locator('body').innerText();
        for (const word of words) {
            contains(text, word, path);
        }
        ok(await page.locator('main a[href]').count() > 0, `${path}: no way on`);
    };
    await says('/nowhere', '404', 'Check the address', 'Request');
    await says('/orders/nothing', '404', 'Request');
    await says('/refunds/1', '404', 'Request');
    await says('/static/nowhere.css', '404');
    await says('/orders?q=nothing', 'Nothing matches', 'nothing', 'Show all orders');
    await page.goto('/refunds');
    await openTab(page, 'Awaiting approval');
    await help('Awaiting approval', 'No');
});

test('the eye sees what it is there to see', async v => {
    const page = await v.page('maker');
    await page.goto('/orders');
    await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'alert(1)';
        document.body.append(script);
        console.error('planted');
        const image = document.createElement('img');
        image.src = '/nowhere.png';
        document.body.append(image);
        setTimeout(() => { throw new Error('planted'); });
        setTimeout(() => alert('planted'), 10);
    });
    await page.waitForResponse(/nowhere\.png/);
    await page.waitForTimeout(100);
    const kinds = page.watch.problems.map(text => text.replace(/ .*/s, ''));
    page.watch.allow(/./);
    for (const kind of ['console:', 'script:', 'answer:', 'dialog:']) {
        ok(kinds.includes(kind), `not seen: ${kind} ${page.watch.problems}`);
    }
    ok(page.watch.problems.some(text => text.includes('Content Security Policy')), 'the policy let it through');
    ok(!(await confirmButton(page).count()), 'a button without a popup');
});
