// The corpus of hostile texts in every field of an order, its payments and its refunds. Each page is
// compared with the same page of a harmless order: the same elements with the same attributes, the
// text as often as the harmless one, and the watch sees neither dialog nor complaint.
import { equal, ok, test } from './cases.mjs';
import { isAscii, order, renamed, shop } from './hostile_rows.mjs';
import { PAYLOADS } from './payloads.mjs';
import { complete, fillCreate, initiate } from './steps.mjs';

const HARMLESS = ['Plain Text of some length', 'Pl\u00e4in Text of some length'];
const LONG = 25; // what a narrow column may cut off has a title
const LEAST = 40;
const PAGES_OF_REFUNDS = 2; // one that failed and is contradicted, one that succeeded
const FILTER_BYTES = 64; // longer words are refused by a filter: src/core/limits.h

/* Each text is told from every other, and never found in an address, which has it encoded. */
const texts = PAYLOADS.map((payload, i) => `${payload}~ ${i}`.padEnd(LONG, '.'));

/* An order id has none of these. */
function orderIdOf(text) {
    return text.replace(/[^!-~]|[/\\?#%]/gu, '_').slice(0, 200);
}

/* Every element with its attributes by name (and those that decide what it is, by value), and how
   often the text stands in the page: as text, and in attributes. */
function looked(page, text) {
    return page.evaluate(wanted => {
        const told = ['class', 'role', 'type', 'name', 'rel', 'method', 'hx-trigger'];
        const count = whole => whole.split(wanted).length - 1;
        let inAttributes = 0;
        const skeleton = [...document.querySelectorAll('*')].map(e => {
            const attributes = [...e.attributes].map(a => {
                // htmx marks for a moment what it has just brought.
                const value = a.value.replace(/ ?htmx-[a-z]+/g, '');
                inAttributes += ['href', 'action'].includes(a.name) ? 0 : count(a.value);
                return told.includes(a.name) ? `${a.name}=${value}` : a.name;
            }).filter(shown => shown !== 'class=' && shown !== 'disabled');
            let depth = 0;
            for (let up = e.parentElement; up; up = up.parentElement) {
                depth += 1;
            }
            return `${depth} ${e.tagName} ${attributes.sort().join(' ')}`;
        });
        return { skeleton, inText: count(document.documentElement.textContent), inAttributes };
    }, text);
}

/* Where two lists part, for a message that can be read. */
function parting(a, b) {
    const at = a.findIndex((line, i) => line !== b[i]);
    return at < 0 ? `${a.length} and ${b.length} elements` : `“${a[at]}” and “${b[at]}”`;
}

/* What each page of a harmless order looks like, by the page's name; ids have ASCII letters only, so
   that other texts are not in them. */
class Pages {
    constructor(page) {
        this.page = page;
        this.harmless = {};
    }

    /* The open page shows `text`; least: how often at least. */
    async check(name, text, least) {
        const now = await looked(this.page, text);
        const kind = `${name} ${isAscii(text)}`;
        const plain = this.harmless[kind];
        if (!plain) {
            ok(now.inText + now.inAttributes >= least, `${name}: shown ${now.inText} times: ` +
                await this.page.locator('body').innerText());
            this.harmless[kind] = now;
            return;
        }
        const what = `${name} with ${JSON.stringify(text)}`;
        ok(JSON.stringify(now.skeleton) === JSON.stringify(plain.skeleton),
            `${what}: other elements: ${parting(now.skeleton, plain.skeleton)}`);
        equal([now.inText, now.inAttributes], [plain.inText, plain.inAttributes],
            `${what}: shown verbatim`);
    }
}

/* A shop of its own with an order for each text, and a page of who is logged in there. */
async function open(v, chosen) {
    const s = shop(v.desk.name('shop'));
    const orders = [...HARMLESS, ...chosen].map((text, i) => order(s, text, `${orderIdOf(text)}.${i}`));
    v.desk.sql([...s.statements, ...orders.flatMap(o => o.statements)]);
    const page = await v.page(null);
    await page.context().addCookies([{ name: 'refunddesk_session', value: s.token, url: v.desk.portal }]);
    return { s, orders, page };
}

async function visitDetails(page, pages, { orderId, text, refunds }) {
    await page.goto('/orders/' + encodeURIComponent(orderId));
    await pages.check('order', text, 60);
    await page.getByRole('link', { name: 'Create Refund' }).first().click();
    await page.locator('#popup #amount').waitFor();
    await pages.check('popup', text, 60);
    await fillCreate(page, { amount: '10', note: text });
    await initiate(page);
    await page.locator('#popup .words').waitFor();
    await pages.check('confirmation', text, 60);
    for (const [i, path] of refunds.slice(0, PAGES_OF_REFUNDS).entries()) {
        await page.goto(path);
        await pages.check(`refund ${i}`, text, 20);
    }
}

/* What is in the cells of a CSV. */
function cellsOf(csv) {
    const cells = [];
    const cell = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/gy;
    for (let match; (match = cell.exec(csv));) {
        cells.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    }
    return cells;
}

/* A spreadsheet must not take a text for a formula. */
async function checkExports(page, orders) {
    for (const [path, times] of [['/export/orders', 5], ['/export/refunds', 4]]) {
        const answer = await page.send('GET', path);
        equal(answer.status(), 200, path);
        ok(answer.headers()['content-type'].startsWith('text/csv'), path);
        const cells = cellsOf(await answer.text());
        for (const { text } of orders) {
            const kept = /^[=+\-@]/.test(text) ? "'" + text : text;
            const found = cells.filter(cell => cell === kept).length;
            ok(found >= times, `${path}: ${JSON.stringify(text)} stands in ${found} cells`);
        }
        equal(cells.filter(cell => /^[=+@]/.test(cell)), [], path);
    }
}

async function visitAsked(page, pages, text) {
    const asked = encodeURIComponent(text);
    const places = [['search', `/orders?q=${asked}`], ['settings', '/settings/general'],
        ['no order', `/orders/${orderIdOf(text)}`]];
    if (Buffer.byteLength(text) <= FILTER_BYTES) {
        places.push(['filter', `/refunds?gateway=${asked}&by=${asked}`],
            ['totals', `/totals/orders?udf=${asked}`]);
    }
    for (const [name, path] of places) {
        await page.goto(path);
        await complete(page);
        await pages.check(name, text, 3);
    }
}

async function visitLists(page, orders) {
    for (const path of ['/orders?rows=100', '/refunds?rows=100']) {
        for (let next = path; next;) {
            await page.goto(next);
            await complete(page);
            const rows = await page.locator('tbody tr').evaluateAll(all => all.map(row =>
                [...row.querySelectorAll('*')].map(e => e.tagName + e.getAttributeNames().join()).join(' ')));
            const shapes = new Set(rows.map(row => row));
            ok(rows.length > 0 && shapes.size <= (path.startsWith('/refunds') ? 4 : 1),
                `${next}: shapes of rows: ${[...shapes].join('\n')}`);
            const whole = await page.locator('tbody').textContent();
            for (const { text, orderId } of orders) {
                ok(whole.includes(orderId) === whole.includes(text), `${next}: ${text}`);
            }
            const older = page.locator('.pager a[rel=next]');
            next = await older.count() ? await older.getAttribute('href') : null;
        }
    }
    await checkExports(page, orders);
}

/* Half of the corpus in each of two lanes. */
for (const half of [0, 1]) {
    const chosen = texts.filter((text, i) => i % 2 === half);
    test(`hostile texts in lists and exports: half ${half + 1}`, async v => {
        ok(PAYLOADS.length >= LEAST && new Set(PAYLOADS).size === PAYLOADS.length, 'the corpus');
        const { orders, page } = await open(v, chosen);
        await visitLists(page, orders);
    });
    test(`hostile texts in every field, order, popup and refund pages: half ${half + 1}`, async v => {
        const { s, orders, page } = await open(v, chosen);
        const pages = new Pages(page);
        for (const each of orders) {
            v.desk.sql(renamed(s, each.text));
            await visitDetails(page, pages, each);
        }
    });
    test(`hostile texts in searches, filters, settings and addresses: half ${half + 1}`, async v => {
        const { s, orders, page } = await open(v, chosen);
        const pages = new Pages(page);
        page.watch.allow(/^answer: 404 GET/);
        for (const { text } of orders) {
            v.desk.sql(renamed(s, text));
            await visitAsked(page, pages, text);
        }
    });
}
