// Who may what: logged out, without the right, without the token.
import { contains, equal, ok, test } from './cases.mjs';
import { formFields, openOrder } from './steps.mjs';
import { logIn } from './browser.mjs';

const PAGES = ['/', '/orders', '/orders/ORD_90412', '/orders/ORD_90412/refund', '/refunds', '/refunds/1'];

test('whoever is logged out is asked to log in and then led back', async v => {
    const page = await v.page(null);
    for (const path of PAGES) {
        await page.goto(path);
        equal(new URL(page.url()).pathname, '/login', path);
        equal(await page.locator('nav').count(), 0, `${path}: menu`);
    }
    await page.goto('/orders/ORD_90412?x=1');
    await page.getByLabel('User name').fill('viewer');
    await page.getByLabel('Password').fill(v.desk.password('viewer'));
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(/\/orders\/ORD_90412/);
});

test('the login leads to no other site', async v => {
    for (const next of ['https://example.com/', '//example.com/', '/\\example.com', 'javascript:alert(1)']) {
        const page = await v.page(null);
        await page.goto('/login?next=' + encodeURIComponent(next));
        await page.getByLabel('User name').fill('viewer');
        await page.getByLabel('Password').fill(v.desk.password('viewer'));
        await page.getByRole('button', { name: 'Log in' }).click();
        await page.waitForURL(url => url.pathname !== '/login');
        equal(page.url(), v.desk.portal + '/orders', next);
        await page.context().close();
    }
});

test('a wrong password and an unknown name are refused in the same words', async v => {
    const said = [];
    for (const [name, password] of [['viewer', 'wrong'], ['nobody-' + v.desk.name('u'), 'wrong']]) {
        const page = await v.page(null);
        page.watch.allow(/^answer: 4/);
        await page.goto('/login');
        await page.getByLabel('User name').fill(name);
        await page.getByLabel('Password').fill(password);
        await page.getByRole('button', { name: 'Log in' }).click();
        said.push(await page.getByRole('alert').innerText());
        equal(await page.getByLabel('User name').inputValue(), name);
        equal(await page.getByLabel('Password').inputValue(), '');
    }
    equal(said[0], said[1]);
});

async function status(page, path, form) {
    const answer = await page.send('POST', path, { form, maxRedirects: 0 });
    return answer.status();
}

test('viewer and checker see no Create Refund, and their POST is 403', async v => {
    const orderId = await v.desk.chargedOrder();
    for (const name of ['viewer', 'checker']) {
        const page = await v.page(name);
        page.watch.allow(/^answer: 403/);
        for (const path of ['/orders', '/orders?q=' + orderId, '/orders/' + orderId]) {
            await page.goto(path);
            equal(await page.getByText('Create Refund').evaluateAll(all => all.map(e => e.outerHTML)), [],
                `${name} ${path}`);
            equal(await page.locator('a[data-popup][href*=refund]').count(), 0, `${name} ${path}`);
        }
        const { csrf } = await formFieldsOfLogout(page);
        const form = { csrf, amount: '1', reason: 'GOODWILL', id: 'erf_0123456789abcdef', step: 'initiate' };
        equal(await status(page, `/orders/${orderId}/refund`, form), 403, name);
        equal(await status(page, '/refunds/1/cancel', { csrf }), 403, name);
        await page.goto(`/orders/${orderId}/refund`);
        contains(await page.locator('main').innerText(), '403');
        contains(await page.locator('main').innerText(), 'admin');
        equal(await page.getByRole('link', { name: 'Orders' }).count() > 0, true, 'no way on');
    }
    equal(await v.desk.refunds(orderId), []);
});

function formFieldsOfLogout(page) {
    return page.locator('form[action="/logout"]').evaluate(form => Object.fromEntries(new FormData(form)));
}

test('maker and admin see Create Refund', async v => {
    const orderId = await v.desk.chargedOrder();
    for (const name of ['maker', 'admin']) {
        const page = await v.page(name);
        await openOrder(page, orderId);
        equal(await page.getByRole('link', { name: 'Create Refund' }).count(), 1, name);
    }
});

test('a POST without the token, with another, or of another site is 403', async v => {
    const orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await page.goto(`/orders/${orderId}/refund`);
    const path = `/orders/${orderId}/refund`;
    const { csrf, ...rest } = { ...await formFields(page), reason: 'GOODWILL', step: 'initiate' };
    equal(await status(page, path, rest), 403, 'no token');
    equal(await status(page, path, { ...rest, csrf: '' }), 403, 'empty token');
    equal(await status(page, path, { ...rest, csrf: csrf.replace(/./, c => c === 'A' ? 'B' : 'A') }), 403);
    equal(await status(page, '/logout', {}), 403, 'logout');
    const foreign = await page.send('POST', path, { form: { ...rest, csrf }, maxRedirects: 0,
        headers: { origin: 'https://example.com' } });
    equal(foreign.status(), 403, 'other site');
    equal(await v.desk.refunds(orderId), []);
    equal(await status(page, path, { ...rest, csrf }), 303, 'with the token');
});

test('cookies are out of reach of scripts and of other sites', async v => {
    const page = await v.page(null);
    await logIn(page, 'viewer', v.desk.password('viewer'));
    const cookies = await page.context().cookies();
    ok(cookies.length > 0, 'no cookie');
    for (const cookie of cookies) {
        equal([cookie.httpOnly, ['Lax', 'Strict'].includes(cookie.sameSite), cookie.path, cookie.domain],
            [true, true, '/', '127.0.0.1'], cookie.name);
    }
    equal(await page.evaluate(() => document.cookie), '');
});

test('the session is another one after the login', async v => {
    const page = await v.page(null);
    await page.goto('/login');
    const before = await page.context().cookies();
    await logIn(page, 'viewer', v.desk.password('viewer'));
    const after = await page.context().cookies();
    for (const cookie of after) {
        ok(!before.some(b => b.value === cookie.value && b.name === cookie.name && /session/i.test(b.name)),
            cookie.name);
    }
});

test('after the logout nothing is shown any more, by Back neither', async v => {
    const page = await v.page(null);
    await logIn(page, 'maker', v.desk.password('maker'));
    await page.goto('/orders/ORD_90412');
    const kept = await page.context().storageState();
    await page.locator('details.user summary').click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL(/\/login/);
    await page.goBack();
    equal(new URL(page.url()).pathname, '/login');
    ok(!(await page.locator('body').innerText()).includes('ORD_90412'), 'the order is still shown');

    const thief = await v.page(null, { storageState: kept });
    await thief.goto('/orders');
    equal(new URL(thief.url()).pathname, '/login', 'the old cookie still opens the desk');
});

test('an answer is kept nowhere and carries the security headers', async v => {
    const page = await v.page('maker');
    page.watch.allow(/^answer: 4/);
    for (const path of ['/orders', '/orders/ORD_90412', '/orders/ORD_90412/refund', '/nowhere',
        '/static/nowhere.css', '/orders/%00', '/login']) {
        const { headers, url } = await page.send('GET', path, { maxRedirects: 0 }).then(answer =>
            ({ headers: answer.headers(), url: answer.url() }));
        contains(headers['content-security-policy'] || '', "default-src 'none'", url);
        equal(headers['x-content-type-options'], 'nosniff', url);
        equal(headers['referrer-policy'] !== undefined, true, url);
        contains(headers['content-security-policy'], "frame-ancestors 'none'", url);
        if (!path.startsWith('/static')) {
            contains(headers['cache-control'] || '', 'no-store', url);
        }
    }
});
