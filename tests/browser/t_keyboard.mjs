// Everything without a mouse; the popup keeps the focus and gives it back.
import { contains, equal, ok, sleep, test, until } from './cases.mjs';
import { order, shop } from './hostile_rows.mjs';
import { REFUND_PAGE, openCreate, openOrder, seeStatus, waitForResult } from './steps.mjs';

const MOST_TABS = 60;
const MOST_CHOICES = 20;
const LATE_MS = 1500;

function focused(page) {
    return page.evaluate(() => {
        const e = document.activeElement;
        const text = e.tagName === 'A' || e.tagName === 'BUTTON' ? e.textContent.trim() : e.name || e.id;
        return { tag: e.tagName, text, inPopup: Boolean(e.closest('#popup')), href: e.getAttribute('href') };
    });
}

/* Presses Tab until the focus is there. */
async function tabTo(page, what, wanted) {
    for (let i = 0; i < MOST_TABS; i++) {
        const now = await focused(page);
        if (wanted(now)) {
            return now;
        }
        await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never comes to ${what}`);
}

/* Arrow by arrow: typing ahead begins anew when two letters come a second apart. */
async function chooseByKeys(page, value) {
    const reason = page.locator('#reason');
    for (let i = 0; i < MOST_CHOICES && await reason.inputValue() !== value; i++) {
        await page.keyboard.press('ArrowDown');
    }
    equal(await reason.inputValue(), value, 'the reason');
}

async function logInByKeys(v, page, name = 'maker') {
    await page.goto('/login');
    equal((await focused(page)).text, 'name', 'focus of the login');
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(v.desk.password('maker'));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/orders$/);
}

async function findByKeys(page, id) {
    await page.keyboard.press('/');
    equal((await focused(page)).text, 'q', 'focus after /');
    await page.keyboard.type(id);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?q=/);
}

test('login, order, popup and refund by keys alone', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page(null);
    await logInByKeys(v, page);
    await findByKeys(page, orderId);
    await tabTo(page, 'the order', f => f.text === orderId);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/orders\/[^/]+$/);

    await tabTo(page, 'Create Refund', f => f.text === 'Create Refund');
    await page.keyboard.press('Enter');
    await page.locator('#amount').waitFor();
    equal((await focused(page)).text, 'amount', 'focus of the popup');
    await page.keyboard.type('30'); // the amount is selected, so it is replaced
    equal(await page.locator('#amount').inputValue(), '30');
    await tabTo(page, 'the reason', f => f.text === 'reason');
    await chooseByKeys(page, 'GOODWILL');
    await tabTo(page, 'Initiate Refund', f => f.text === 'Initiate Refund');
    await page.keyboard.press('Enter');
    await page.locator('.words').waitFor();
    await page.locator('button[value=initiate]:enabled').waitFor();
    equal((await focused(page)).text, 'popup-title', 'focus of the confirmation');
    await page.keyboard.press('Enter'); // one key too many moves nothing
    await tabTo(page, 'the confirmation', f => f.text === 'Refund 30.00 INR');
    equal(await v.desk.refunds(orderId), []);
    await page.keyboard.press('Enter');
    await waitForResult(page);
    await seeStatus(page, 'Success');
    equal((await v.desk.refunds(orderId)).map(r => r.amount), [30]);
});

test('on a slow machine the popup takes the focus when it opens, and not once more later', async v => {
    const page = await v.page('maker');
    await page.addInitScript(lateMs => {
        const { setTimeout } = window;
        window.setTimeout = (run, ms, ...rest) => setTimeout(run, ms > 0 ? ms + lateMs : ms, ...rest);
    }, LATE_MS);
    await openOrder(page, await v.desk.chargedOrder());
    await openCreate(page);
    await until('the focus in the amount', async () => (await focused(page)).text === 'amount');
    await tabTo(page, 'the reason', f => f.text === 'reason');
    await sleep(2 * LATE_MS);
    equal((await focused(page)).text, 'reason');
});

/* A merchant who holds refunds for a minute, with one order; its user has the maker's password. */
function holdingShop(v) {
    const s = shop(v.desk.name('holds'));
    const made = order(s, 'Kept back', v.desk.name('held'));
    v.desk.sql([...s.statements, ...made.statements,
        ["UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE name = 'maker') WHERE id = ?",
            [String(s.user)]]]);
    return { name: s.name, orderId: made.orderId };
}

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? '' : ', without JavaScript';
    test(`login, search, a held refund and its cancellation by keys alone${how}`, async v => {
        const { name, orderId } = holdingShop(v);
        const page = await v.page(null, { javaScriptEnabled });
        const { keyboard } = page;
        await logInByKeys(v, page, name);
        await (javaScriptEnabled ? keyboard.press('/') : tabTo(page, 'the search', f => f.text === 'q'));
        await keyboard.type(orderId);
        await keyboard.press('Enter');
        await page.waitForURL(/\?q=/);
        await tabTo(page, 'the order', f => f.text === orderId);
        await keyboard.press('Enter');
        await page.waitForURL(/\/orders\/[^/]+$/);
        await tabTo(page, 'Create Refund', f => f.text === 'Create Refund');
        await keyboard.press('Enter');
        await page.locator('#amount').waitFor();
        await until('the focus in the amount', async () => (await focused(page)).text === 'amount');
        await keyboard.press('Control+A');
        await keyboard.type('30');
        await tabTo(page, 'the reason', f => f.text === 'reason');
        await chooseByKeys(page, 'GOODWILL');
        await tabTo(page, 'Initiate Refund', f => f.text === 'Initiate Refund');
        await keyboard.press('Enter');
        await page.locator('.words').waitFor();
        await page.locator('button[value=initiate]:enabled').waitFor();
        await tabTo(page, 'the confirmation', f => f.text === 'Refund 30.00 INR');
        await keyboard.press('Enter');
        await waitForResult(page);
        contains(await page.locator('tr.fresh').innerText(), 'Held until');
        await tabTo(page, 'Cancel', f => f.text === 'Cancel');
        await keyboard.press('Enter');
        await page.waitForURL(REFUND_PAGE);
        equal(await page.locator('.big .badge').innerText(), 'Cancelled');
        contains(await page.locator('.alert-danger').innerText(), 'cancelled before it was sent');
    });
}

test('totals and counts are a page of their own without JavaScript', async v => {
    const page = await v.page('maker', { javaScriptEnabled: false });
    await page.goto('/orders?tab=charged&gateway=RAZORPAY');
    await page.getByRole('link', { name: 'Counts and totals' }).click();
    await page.waitForURL(/\/totals\/orders\?/);
    const rows = await page.locator('tbody tr').evaluateAll(all =>
        all.map(row => [...row.cells].map(cell => cell.textContent.trim())));
    equal(rows.map(([label]) => label),
        ['All', 'Charged', 'Auto refunded', 'Pending', 'Cash on delivery', 'Unsuccessful']);
    const counts = rows.map(([, count]) => Number(count.replaceAll(',', '')));
    equal(counts[0], counts.slice(1).reduce((sum, count) => sum + count, 0), 'All is the sum of the others');
    ok(counts[1] > 0, 'charged orders');
    contains(await page.locator('main').innerText(), `The whole filter: ${rows[1][1]} orders`);
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await page.waitForURL(url => url.pathname === '/orders' && url.searchParams.get('gateway') === 'RAZORPAY');
});

test('Enter in the amount never moves money without the confirmation', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await page.goto('/orders/' + orderId);
    await page.getByRole('link', { name: 'Create Refund' }).click();
    await page.locator('#reason').selectOption('GOODWILL');
    await page.locator('#amount').press('Enter');
    await page.locator('.words').waitFor();
    equal(await v.desk.refunds(orderId), []);
});

test('the popup keeps the focus; Esc closes it and gives the focus back', async v => {
    const page = await v.page('maker');
    await page.goto('/orders/ORD_90412');
    await tabTo(page, 'Create Refund', f => f.text === 'Create Refund');
    await page.keyboard.press('Enter');
    await page.locator('#amount').waitFor();
    const seen = new Set();
    for (const key of ['Tab', 'Shift+Tab']) {
        for (let i = 0; i < 12; i++) {
            const now = await focused(page);
            // Between the last and the first the focus passes the browser's own controls.
            ok(now.inPopup || now.tag === 'BODY', `the focus left the popup: ${JSON.stringify(now)}`);
            seen.add(now.text);
            await page.keyboard.press(key);
        }
    }
    for (const text of ['amount', 'Refund the rest', 'reason', 'note', 'Close', 'Initiate Refund']) {
        ok(seen.has(text), `no focus on ${text}: ${[...seen].join(', ')}`);
    }
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await until('the focus to come back', async () => (await focused(page)).text === 'Create Refund');
    await page.locator('#amount').waitFor({ state: 'detached' });
});

test('what has the focus can be seen', async v => {
    const page = await v.page('maker');
    await page.goto('/orders/ORD_90412');
    for (let i = 0; i < 12; i++) {
        await page.keyboard.press('Tab');
        await until('a visible focus', () => page.evaluate(() => {
            const e = document.activeElement;
            if (e === document.body) {
                return true; // past the last one
            }
            const s = getComputedStyle(e), box = e.getBoundingClientRect();
            return box.width > 0 && box.left >= 0 && box.top >= 0 &&
                (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 || s.boxShadow !== 'none');
        }), 3000).catch(async error => {
            throw new Error(`${error.message}: ${JSON.stringify(await focused(page))}`);
        });
    }
});

test('the first Tab offers to skip to the content', async v => {
    const page = await v.page('maker');
    await page.goto('/orders');
    await page.keyboard.press('Tab');
    contains((await focused(page)).text, 'Skip');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#main$/);
});
