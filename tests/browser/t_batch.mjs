// Batch refunds: upload, check, confirm, watch, download; by mouse, by keys alone, and without JavaScript.
import { axe } from './browser.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { contains, equal, ok, test, testAlone, until } from './cases.mjs';

const PAGE = '/batch/batch-refunds';
const BATCH = /\/batch-refunds\/[0-9a-z]{13}(\?.*)?$/;
const HEADER = 'order_id,amount,unique_id,udf1';
const FORMULA = /^[=+\-@\t\r]/;

/* A file of its own each time: the same bytes are refused. */
function csv(rows, header = HEADER) {
    return { name: `returns ${Math.random().toString(36).slice(2)}.csv`, mimeType: 'text/csv',
        buffer: Buffer.from([header, ...rows].join('\r\n') + '\r\n') };
}

async function upload(page, file) {
    await page.goto(PAGE + '/new');
    await page.getByLabel('CSV file').setInputFiles(file);
    await page.getByRole('button', { name: 'Upload and check' }).click();
}

async function uploaded(page, file) {
    await upload(page, file);
    await page.waitForURL(BATCH);
}

async function typeTotals(page, change = text => text) {
    for (const field of await page.locator('.totals > div').all()) {
        const total = await field.locator('label .id').innerText();
        await field.locator('input').fill(change(total.trim()));
    }
}

async function seeEnd(page, word) {
    await page.locator('.progress-line').waitFor(); // the page after the confirmation
    await until(`the batch to be ${word}`, async () => {
        const status = await page.locator('.big .badge').textContent();
        if (status !== word) {
            await page.reload();
        }
        return status === word;
    });
}

async function download(page, name) {
    const href = await page.getByRole('link', { name }).getAttribute('href');
    const answer = await page.send('GET', href);
    equal(answer.status(), 200, name);
    return { head: answer.headers()['content-disposition'], rows: parse((await answer.body()).toString()) };
}

/* RFC 4180. */
function parse(text) {
    const rows = [[]];
    const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
    for (let m; cell.lastIndex < text.length && (m = cell.exec(text));) {
        rows.at(-1).push(m[1] === undefined ? m[2] : m[1].replaceAll('""', '"'));
        if (m[3] === '\r\n') {
            rows.push([]);
        }
    }
    return rows.filter(row => row.length);
}

/* Of a table's columns at 1280 px. */
async function showsAll(page, what) {
    await page.setViewportSize({ width: 1280, height: 900 });
    const hidden = await page.locator('main .table').first()
        .evaluate(table => table.scrollWidth - table.parentElement.clientWidth);
    ok(hidden <= 0, `${what}: ${hidden} px are out of sight`);
}

async function isFine(page, what) {
    const found = [];
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const width of [375, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            found.push(...(over > 0 ? [`${over} px too wide`] : []), ...await axe(page));
        }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    equal(found, [], what);
}

for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with' : 'without';
    test(`batch: from the file to its downloads, ${how} JavaScript`, async v => {
        const orders = [await v.desk.chargedOrder(), await v.desk.chargedOrder({ amount: '40' })];
        const page = await v.page('maker', { javaScriptEnabled });
        const fine = what => (javaScriptEnabled ? isFine(page, what) : undefined);
        await page.goto(PAGE);
        contains(await page.locator('main').innerText(), 'This module helps in creating refunds in bulk');
        await page.getByRole('link', { name: 'Create Batch Refunds' }).first().click();
        await fine('the form');
        const file = csv([`${orders[0]},120.50,,=1+1`, `${orders[1]},40,,plain`, 'NO_SUCH_ORDER,1,,@x']);
        await uploaded(page, file);
        contains(await page.locator('main').innerText(), 'NO_SUCH_ORDER');
        await fine('the check');
        await typeTotals(page, () => '1');
        const act = page.getByRole('button', { name: /^Refund 160\.50 INR$/ });
        await act.click();
        contains(await page.locator('#total_INR-error').innerText(), '160.50');
        equal(await page.locator('#total_INR').inputValue(), '1');
        equal((await v.desk.refunds(orders[0])).length, 0, 'before it is confirmed');
        await fine('a fault');
        await typeTotals(page);
        await act.click();
        await page.waitForURL(BATCH);
        await seeEnd(page, 'Partially completed');
        contains(await page.locator('.progress-line').innerText(), '3 of 3 done: 2 accepted, 1 failed; 0 left');
        await fine('the result');
        equal((await v.desk.refunds(orders[0])).map(r => r.amount), [120.5]);
        const result = page.url();
        await page.goto('/refunds');
        contains(await page.locator('tbody').innerText(), file.name);
        await showsAll(page, 'refunds of a file');
        await page.goto(result);

        const all = await download(page, 'Download Data');
        contains(all.head, '"batch_refund.csv"');
        equal(all.rows[0].slice(0, 6), ['S.No', 'Order/Transaction Id', 'Amount', 'Refund Status', 'Unique Id', 'GW Transaction Id']);
        equal(all.rows.slice(1).map(row => [row[0], row[1], row[2], row[16]]), [['1', orders[0], '120.50', 'ACCEPTED'],
            ['2', orders[1], '40.00', 'ACCEPTED'], ['3', 'NO_SUCH_ORDER', '1', 'FAILED']]);
        const failed = await download(page, 'Download failed rows');
        equal(failed.rows[1].slice(0, 2), ['NO_SUCH_ORDER', '1']);
        for (const cell of [...all.rows, ...failed.rows].flat()) {
            ok(!FORMULA.test(cell), `a formula: ${cell}`);
        }
        ok(all.rows[1].includes("'=1+1"), 'udf1 is not there as text');
        await page.getByRole('link', { name: orders[0] }).first().waitFor();
        equal(await page.locator('a button').count(), 0, 'a button within a link');
        equal(await page.locator('.of-refund > .copy').count(), javaScriptEnabled ? 2 : 0, 'refund ids to copy');
        await upload(page, file);
        contains(await page.locator('#refused').innerText(), 'Duplicate file');
        await page.getByRole('link', { name: /^Open batch/ }).click();
        await page.waitForURL(BATCH);
    });
}

test('batch: files that cannot be read are refused with kind, line and mend, and nothing is kept', async v => {
    const page = await v.page('maker');
    for (const [kind, words, file] of [
        ['Invalid file format', 'commas', csv(['A;1'], 'order_id;amount')],
        ['Invalid file format', 'Line', csv(['A,1', 'B'])],
        ['Missing mandatory fields', 'amount', csv(['A'], 'order_id')],
        ['Row limit exceeded', '1000', csv(Array.from({ length: 1001 }, (_, i) => `O${i},1,,`))],
    ]) {
        await upload(page, file);
        const said = await page.locator('#refused').innerText();
        contains(said, kind);
        contains(said.replaceAll(',', ''), words);
        await page.goto(PAGE + '?aa=1&part=' + encodeURIComponent(file.name));
        contains(await page.locator('main').innerText(), 'Nothing matches');
    }
});

test('batch: the file is chosen and confirmed by keys alone', async v => {
    const order = await v.desk.chargedOrder({ amount: '75' });
    const page = await v.page('maker');
    await page.goto(PAGE + '/new');
    await page.getByLabel('Reason of the refunds').focus();
    await page.keyboard.press('Tab');
    equal(await page.evaluate(() => document.activeElement.id), 'file', 'the drop zone takes no focus');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(csv([`${order},75,,`]));
    await page.getByRole('button', { name: 'Upload and check' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(BATCH);
    await page.locator('#total_INR').focus();
    await page.keyboard.type('75.00');
    await page.keyboard.press('Enter');
    await page.waitForURL(BATCH);
    await seeEnd(page, 'Completed');
    equal((await v.desk.refunds(order)).length, 1);
});

test('batch: the name is searched for with and without its case', async v => {
    const order = await v.desk.chargedOrder({ amount: '10' });
    const page = await v.page('maker');
    const file = csv([`${order},10,,`]);
    await uploaded(page, file);
    await page.goto(PAGE);
    const shown = () => page.getByRole('link', { name: file.name }).count();
    const part = page.getByLabel('Part of the file name');
    await part.fill(file.name.toUpperCase());
    await part.press('Enter');
    await page.waitForURL(/part=/);
    equal(await shown(), 0, 'with its case');
    await page.getByLabel('Aa').uncheck();
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(url => !url.searchParams.has('aa'));
    equal(await shown(), 1, 'in any case');
    await page.getByRole('link', { name: 'Clear search' }).click();
    await page.getByRole('link', { name: 'Total Tasks' }).click();
    equal(await page.locator('th[aria-sort=descending]').innerText(), 'TOTAL TASKS ↓');
    await isFine(page, 'the list');
});

test('batch: five currencies, long ids and a long name fit, and what is to be typed is found', async v => {
    const orders = [];
    for (const currency of ['INR', 'USD', 'JPY', 'KWD', 'EUR']) {
        orders.push(await v.desk.chargedOrder({ order_id: v.desk.name('RETURNS-OF-THE-NORTHERN-WAREHOUSE'), currency }));
    }
    const page = await v.page('maker', { viewport: { width: 375, height: 800 } });
    const file = csv([...orders.map(order => `${order},10,,`), ...Array.from({ length: 60 }, (_, i) => `NONE${i},1,,`)]);
    file.name = 'november_returns_of_the_northern_warehouse_and_all_its_branches_' + file.name;
    await uploaded(page, file);
    equal(await page.locator('.big .amount').innerText(), '10.00 EUR · 10.00 INR · 10 JPY · 10.000 KWD · 10.00 USD');
    await isFine(page, 'the check');
    await page.getByRole('link', { name: 'Confirm …' }).click();
    ok(await page.locator('#confirm').evaluate(e => e.getBoundingClientRect().top < innerHeight), 'it is out of sight');
    await typeTotals(page, text => (text === '10' ? '11' : text));
    await page.getByRole('button', { name: /^Refund / }).click();
    await page.waitForURL(/confirm$/);
    await until('the wrong one to have the focus', () => page.evaluate(() => document.activeElement.id === 'total_JPY'));
    await page.goto(PAGE);
    await isFine(page, 'the list');
    await showsAll(page, 'the list');
});

test('batch: of two presses the second shows what the first one did', async v => {
    const order = await v.desk.chargedOrder({ amount: '15' });
    const page = await v.page('maker', { javaScriptEnabled: false });
    await uploaded(page, csv([`${order},15,,`]));
    const other = await page.context().newPage();
    await other.goto(page.url());
    for (const tab of [page, other]) {
        await typeTotals(tab);
        await tab.getByRole('button', { name: /^Refund 15\.00 INR$/ }).click();
        await tab.locator('.progress-line').waitFor();
    }
    contains(await other.locator('main').innerText(), 'This is how it stands now.');
    await seeEnd(page, 'Completed');
    equal((await v.desk.refunds(order)).length, 1);
});

test('batch: cancelled with a reason, and what a viewer may', async v => {
    const order = await v.desk.chargedOrder({ amount: '10' });
    const page = await v.page('maker');
    await uploaded(page, csv([`${order},10,,`]));
    const where = page.url();
    await page.getByRole('link', { name: 'Cancel batch …' }).click();
    await page.getByLabel('Reason').fill('wrong month');
    await page.getByRole('button', { name: 'Cancel batch' }).click();
    await page.locator('.big .badge', { hasText: 'Cancelled' }).waitFor();
    contains(await page.locator('main').innerText(), 'wrong month');
    const viewer = await v.page('viewer');
    viewer.watch.allow(/^answer: 403/);
    await viewer.goto(where);
    equal(await viewer.locator('main form button').count(), 0, 'buttons for a viewer');
    await viewer.goto(PAGE);
    equal(await viewer.getByRole('link', { name: 'Create Batch Refunds' }).count(), 0);
    equal((await viewer.send('GET', PAGE + '/new')).status(), 403);
});

test('batch: a file is dropped on its field by the mouse', async v => {
    const order = await v.desk.chargedOrder({ amount: '20' });
    const page = await v.page('maker');
    const file = csv([`${order},20,,`]);
    const where = path.join(v.desk.folder, file.name);
    fs.writeFileSync(where, file.buffer);
    await page.goto(PAGE + '/new');
    const field = await page.getByLabel('CSV file').boundingBox();
    const devtools = await page.context().newCDPSession(page);
    const data = { items: [], files: [where], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) {
        await devtools.send('Input.dispatchDragEvent',
            { type, x: field.x + field.width / 2, y: field.y + field.height / 2, data });
    }
    await until('the file to lie in the field', () =>
        page.evaluate(name => document.getElementById('file').files[0]?.name === name, file.name));
    await page.getByRole('button', { name: 'Upload and check' }).click();
    await page.waitForURL(BATCH);
    contains(await page.locator('h1').innerText(), file.name);
});

test('batch: Sync with Gateway asks about what has not ended and tells what came of it', async v => {
    const orders = [await v.desk.chargedOrder({ amount: '31' }), await v.desk.chargedOrder({ amount: '32' })];
    const slow = v.desk.name('slow');
    await v.desk.fault({ fault: 'pending', match: { unique_request_id: slow }, ms: 120_000 });
    const page = await v.page('maker');
    await uploaded(page, csv([`${orders[0]},31,${slow},`, `${orders[1]},32,,`]));
    await typeTotals(page);
    await page.getByRole('button', { name: /^Refund 63\.00 INR$/ }).click();
    await page.waitForURL(BATCH);
    await seeEnd(page, 'Completed');
    await until('one refund to end, the other to be on its way', async () => {
        const [first] = await v.desk.refunds(orders[0]);
        const [second] = await v.desk.refunds(orders[1]);
        return first.sent_to_gateway && second.status === 'SUCCESS';
    });
    await page.getByRole('button', { name: 'Sync with Gateway' }).click();
    const report = page.locator('#synced');
    await report.waitFor();
    const rows = await report.locator('tbody tr').allInnerTexts();
    equal(rows.length, 1, 'what had ended is asked about');
    ok(/^Pending\s+Pending\s+1\s+(Unchanged so far|Asked a moment ago.*)$/.test(rows[0]), rows[0]);
    await isFine(page, 'the report');
});

testAlone('batch: with maker-checker on, another person approves or rejects', async v => {
    const switched = on => v.desk.sql([['UPDATE merchants SET maker_checker = CAST(? AS INTEGER)', [on]]]);
    const orders = [await v.desk.chargedOrder({ amount: '51' }), await v.desk.chargedOrder({ amount: '52' })];
    const maker = await v.page('maker'), checker = await v.page('checker');
    const upload = async (order, amount) => {
        await maker.goto(PAGE + '/new');
        equal(await maker.getByLabel('CSV file').count(), 0, 'the file before the description');
        await maker.getByLabel('Description').fill('Returns of May');
        await maker.getByRole('button', { name: 'Submit' }).click();
        await maker.getByLabel('CSV file').setInputFiles(csv([`${order},${amount},,`]));
        await maker.getByRole('button', { name: 'Upload and check' }).click();
        await maker.waitForURL(BATCH);
        await typeTotals(maker);
        await maker.getByRole('button', { name: 'Request approval' }).click();
        await maker.locator('.big .badge', { hasText: 'Awaiting approval' }).waitFor();
        equal(await maker.getByRole('button', { name: /^Approve/ }).count(), 0, 'the maker may approve');
        equal(await maker.getByRole('link', { name: /^Reject/ }).count(), 0, 'the maker may reject');
        await checker.goto(maker.url());
        contains(await checker.locator('main').innerText(), 'Returns of May');
    };
    switched('1');
    try {
        await upload(orders[0], 51);
        await isFine(checker, 'before the approval');
        await checker.getByRole('button', { name: /^Approve/ }).click();
        await seeEnd(checker, 'Completed');
        equal((await v.desk.refunds(orders[0])).map(r => r.initiated_by), ['maker']);
        contains(await checker.locator('#history').innerText(), 'Approved by checker');

        await upload(orders[1], 52);
        await checker.getByRole('link', { name: /^Reject/ }).click();
        await checker.getByLabel('Reason').fill('not these');
        await checker.getByRole('button', { name: /^Reject/ }).click();
        await checker.locator('.big .badge', { hasText: 'Rejected' }).waitFor();
        await maker.reload();
        contains(await maker.locator('main').innerText(), 'not these');
        equal((await v.desk.refunds(orders[1])).length, 0, 'after it was rejected');
    } finally {
        switched('0');
    }
});

testAlone('batch: more than 1,000 rows where the merchant may; their pages go on and back', async v => {
    const limited = rows => v.desk.sql([['UPDATE merchants SET batch_rows = CAST(? AS INTEGER)', [rows]]]);
    const page = await v.page('maker');
    const lines = () => page.locator('td.line').allInnerTexts();
    limited('2000');
    try {
        await uploaded(page, csv(Array.from({ length: 1020 }, (_, i) => `NONE${i},1,,`)));
        await page.getByRole('link', { name: /^All rows 1,020$/ }).click();
        equal([(await lines())[0], (await lines()).length], ['2', 50]);
        equal(await page.getByRole('link', { name: 'Previous' }).count(), 0);
        const turn = async (name, at) => {
            await page.getByRole('link', { name }).click();
            await page.locator('td.line').first().getByText(String(at), { exact: true }).waitFor();
        };
        await turn('Next', 52);
        await turn('Next', 102);
        await turn('Previous', 52);
        await page.goto(page.url().replace(/after=[0-9]+/, 'after=950'));
        await turn('Next', 1002);
        equal((await lines()).at(-1), '1021');
        equal(await page.getByRole('link', { name: 'Next' }).count(), 0);
        await turn('Previous', 952);
        await turn('Previous', 902);
    } finally {
        limited('1000');
    }
});
