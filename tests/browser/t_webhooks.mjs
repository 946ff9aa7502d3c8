// Settings > Webhooks against a receiver of its own: made, tested, resent, paused, deleted, and what
// a refund's timeline tells of it.
import crypto from 'node:crypto';
import http from 'node:http';
import { axe } from './browser.mjs';
import { contains, equal, ok, test, until } from './cases.mjs';
import { confirmButton, fillCreate, initiate, openCreate, openOrder, waitForResult } from './steps.mjs';

const PAGE = '/settings/webhooks';
const PASSWORD = 'only-for-the-receiver';

/* Answers as `status` says and keeps what it was sent. */
class Receiver {
    async start() {
        this.got = [];
        this.status = 200;
        this.server = http.createServer((request, answer) => {
            let body = '';
            request.setEncoding('utf8').on('data', part => { body += part; }).on('end', () => {
                this.got.push({ headers: request.headers, body });
                answer.writeHead(this.status).end('<b>thanks</b>');
            });
        });
        await new Promise(resolve => { this.server.listen(0, '127.0.0.1', resolve); });
        this.url = `http://127.0.0.1:${this.server.address().port}/hooks`;
        return this;
    }

    stop() {
        this.server.closeAllConnections();
        this.server.close();
    }

    /* Other cases have refunds meanwhile, which are told here too. */
    tests() {
        return this.got.filter(({ body }) => JSON.parse(body).test);
    }

    nthTest(n) {
        return until(`test event number ${n}`, () => this.tests()[n - 1]);
    }
}

function isSignedBy(secret, { headers, body }) {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const wanted = 'v1,' + crypto.createHmac('sha256', key).update(text).digest('base64');
    return headers['webhook-signature'].split(' ').includes(wanted);
}

async function withReceiver(run) {
    const receiver = await new Receiver().start();
    try {
        await run(receiver);
    } finally {
        receiver.stop();
    }
}

async function fillForm(page, url) {
    await page.goto(PAGE);
    await page.getByRole('link', { name: /^New endpoint|^Make the first endpoint/ }).first().click();
    await page.getByLabel('Address', { exact: true }).fill(url);
    await page.locator('input[name=sign_in][value=replace]').check();
    await page.locator('#username').fill('desk');
    await page.locator('#password').fill(PASSWORD);
    await page.locator('input[name=headers][value=replace]').check();
    await page.getByLabel('Name of header 1', { exact: true }).fill('X-Shop');
    await page.getByLabel('Value of header 1', { exact: true }).fill('north');
}

/* Its secret; the page of the endpoint is open then. */
async function makeEndpoint(page, url) {
    await fillForm(page, url);
    await page.getByRole('button', { name: 'Make the endpoint' }).click();
    await page.getByText('Copy it now').waitFor();
    const secret = (await page.locator('[data-once]').innerText()).trim();
    ok(/^whsec_[A-Za-z0-9+/]{43}=$/.test(secret), secret);
    await page.getByRole('link', { name: 'I have copied it' }).click();
    await page.waitForURL(/webhooks\/[0-9a-z]{13}$/);
    return secret;
}

/* What is waited for comes by itself with JavaScript, by reloading without. */
function see(page, javaScriptEnabled, words) {
    return until(`"${words}" on ${page.url()}`, async () => {
        if ((await page.locator('main').innerText()).includes(words)) {
            return true;
        }
        if (!javaScriptEnabled) {
            await page.reload();
        }
        return false;
    });
}

async function deleteEndpoint(page, own) {
    await page.goto(own);
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete the endpoint' }).click();
    await page.getByText('Deleted.').waitFor();
}

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
    test(`webhooks: made, tested, resent, paused and deleted, ${how}`, v => withReceiver(async receiver => {
        const page = await v.page('admin', { javaScriptEnabled });
        const secret = await makeEndpoint(page, receiver.url);
        const own = page.url();
        ok(!(await page.content()).includes(secret), 'the secret is shown twice');

        await page.getByLabel('Event', { exact: true }).selectOption('ORDER_REFUNDED');
        await page.getByRole('button', { name: 'Send test' }).click();
        await page.waitForURL(/deliveries/);
        await see(page, javaScriptEnabled, 'Delivered');
        contains(await page.locator('main').innerText(), '200 in ');
        const first = await receiver.nthTest(1);
        ok(isSignedBy(secret, first), 'not signed by the secret that was shown');
        equal(first.headers.authorization, 'Basic ' + btoa('desk:' + PASSWORD));
        equal(first.headers['x-shop'], 'north');
        const { test: isTest, event_name: event, content } = JSON.parse(first.body);
        equal([isTest, event], [true, 'ORDER_REFUNDED']);
        ok(content.order.order_id, 'no order');
        await page.getByText('What it said').click();
        contains(await page.locator('main pre').last().innerText(), '<b>thanks</b>');

        await page.getByRole('button', { name: 'Resend' }).click();
        const second = await receiver.nthTest(2);
        equal(second.headers['webhook-id'], first.headers['webhook-id']);
        equal(second.body, first.body);

        receiver.status = 500;
        await page.goto(own);
        await page.getByRole('button', { name: 'Send test' }).click();
        await page.waitForURL(/deliveries/);
        await see(page, javaScriptEnabled, 'Retrying');
        contains(await page.locator('main').innerText(), '500 in ');

        await page.goto(own);
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText('Paused by admin').waitFor();
        contains(await page.locator('#log').innerText(), 'when it is resumed');
        equal(await page.getByRole('button', { name: 'Send test' }).count(), 0);
        await page.goto(PAGE);
        contains(await page.locator('main').innerText(), ' of them failed before');
        await deleteEndpoint(page, own);
        equal(receiver.tests().length, 3);
    }));
}

test('webhooks: a rotated secret signs beside the one before it', v => withReceiver(async receiver => {
    const page = await v.page('admin');
    const before = await makeEndpoint(page, receiver.url);
    const own = page.url();
    await page.getByRole('button', { name: 'Rotate …' }).click();
    await page.getByRole('button', { name: 'Rotate the secret' }).click();
    await page.getByText('Copy it now').waitFor();
    const now = (await page.locator('[data-once]').innerText()).trim();
    await page.goto(own);
    await page.getByRole('button', { name: 'Send test' }).click();
    await page.waitForURL(/deliveries/);
    const got = await receiver.nthTest(1);
    ok(isSignedBy(before, got) && isSignedBy(now, got) && now !== before, 'not signed by both');
    await deleteEndpoint(page, own);
}));

test('webhooks: a timeline tells what became of it, and names the host alone', v => withReceiver(async receiver => {
    const admin = await v.page('admin');
    await makeEndpoint(admin, receiver.url + '?token=in-the-address');
    const own = admin.url(), orderId = await v.desk.chargedOrder();
    const page = await v.page('maker');
    await openOrder(page, orderId);
    await openCreate(page);
    await fillCreate(page, { amount: '100' });
    await initiate(page);
    await confirmButton(page).click();
    await waitForResult(page);
    await until('the webhook of the refund', () => receiver.got.some(w => {
        const told = JSON.parse(w.body);
        return told.event_name === 'ORDER_REFUNDED' && told.content.order.order_id === orderId;
    }));
    const isTold = async () => {
        await page.reload();
        const html = await page.content();
        ok(!html.includes('in-the-address'), 'the whole address on a timeline');
        return /Webhook ORDER_REFUNDED: 200 in \d+ ms \(127\.0\.0\.1\)/.test(html);
    };
    await openOrder(page, orderId);
    await until('the webhook on the timeline of the order', isTold);
    await page.locator('main a[href^="/refunds/"]').first().click();
    await page.waitForURL(/refunds/);
    await until('the webhook on the timeline of the refund', isTold);
    await deleteEndpoint(admin, own);
}));

async function changeAndDisable(page, own) {
    await page.goto(`${own}/edit`);
    await page.getByLabel('Standard: any 2xx counts as delivered').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Disable …' }).click();
    await page.getByRole('button', { name: 'Disable the endpoint' }).click();
    await page.getByText('Disabled by admin').first().waitFor();
}

for (const colorScheme of ['light', 'dark']) {
    test(`webhooks: each of its pages is accessible and fits, ${colorScheme}`, v => withReceiver(async receiver => {
        const page = await v.page('admin', { colorScheme });
        const isFine = async what => {
            for (const width of [375, 1280]) {
                await page.setViewportSize({ width, height: 800 });
                const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                ok(over <= 0, `${what}: ${over} px too wide at ${width}`);
                equal(await axe(page), [], `${what} at ${width}`);
            }
        };
        await page.goto(PAGE);
        await isFine('the list');
        await fillForm(page, 'javascript:alert(1)');
        await isFine('the form');
        await page.getByRole('button', { name: 'Make the endpoint' }).click();
        await page.getByText('must begin with https://').waitFor();
        await isFine('the form with faults');
        await makeEndpoint(page, receiver.url);
        const own = page.url();
        await isFine('an endpoint without a log');
        await page.getByRole('button', { name: 'Send test' }).click();
        await page.waitForURL(/deliveries/);
        await receiver.nthTest(1);
        await see(page, true, 'Delivered');
        await isFine('a delivery');
        await page.goto(own);
        await isFine('an endpoint with a log');
        await page.goto(`${own}/edit`);
        await changeAndDisable(await v.page('admin'), own);
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Nothing was saved.').waitFor();
        await isFine('a form that another person overtook');
        contains(await page.locator('#any-error').innerText(), 'is now on');
        contains(await page.locator('#state-error').innerText(), 'is now disabled');
        await page.getByRole('button', { name: 'Save and enable' }).click();
        await see(page, true, 'Active');
        await page.getByRole('button', { name: 'Rotate …' }).click();
        await page.getByRole('heading', { name: 'Rotate the signing secret?' }).waitFor();
        await isFine('a question');
        await page.getByRole('button', { name: 'Rotate the secret' }).click();
        await page.getByText('Copy it now').waitFor();
        await isFine('a secret');
        await deleteEndpoint(page, own);
    }));
}
