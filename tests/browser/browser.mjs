// Debian's Chromium, a person at it, and an eye on everything that goes wrong in a page.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ok } from './cases.mjs';

// The build installs the packages in its own tree.
const installed = path.join(path.resolve(process.env.BUILDDIR || '.'), 'tests/browser/package.json');
const require = createRequire(installed);
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

const PROGRAM = process.env.CHROMIUM || '/usr/bin/chromium';
const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];
const WAIT_MS = 15_000;
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/* What the browser puts aside goes into `folder`. */
export async function launch(folder) {
    ok(fs.existsSync(PROGRAM), `${PROGRAM} is missing: apt-get install chromium`);
    const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
    return chromium.launch({ executablePath: PROGRAM, args: [...FLAGS, ...sandbox],
        env: { ...process.env, TMPDIR: folder } });
}

/* What no page may do: complain on the console, break the content security policy, open a dialog,
   fail a request, answer with an error. `allow` takes what a case brings about on purpose. */
export class Watch {
    constructor(context) {
        this.problems = [];
        this.allowed = [];
        context.on('console', message => {
            // A failed load is told of by its response or request below.
            if (['error', 'warning'].includes(message.type()) &&
                !message.text().startsWith('Failed to load resource')) {
                this.note(`console: ${message.text()}`);
            }
        });
        context.on('weberror', error => this.note(`script: ${error.error().stack}`));
        context.on('dialog', dialog => {
            this.note(`dialog: ${dialog.message()}`);
            dialog.dismiss().catch(() => { /* its page is gone */ });
        });
        context.on('requestfailed', request => {
            // What the browser dropped because the page was left is nobody's fault.
            if (request.failure().errorText === 'net::ERR_ABORTED') {
                return;
            }
            this.note(`request: ${request.failure().errorText} ${request.method()} ${request.url()}`);
        });
        context.on('response', answer => {
            if (answer.status() >= 400) {
                this.note(`answer: ${answer.status()} ${answer.request().method()} ${answer.url()}`);
            }
        });
    }

    note(text) {
        this.problems.push(text);
    }

    allow(...patterns) {
        this.allowed.push(...patterns);
    }

    check() {
        const left = this.problems.filter(text => !this.allowed.some(pattern => pattern.test(text)));
        ok(!left.length, 'the pages complained:\n' + left.join('\n'));
    }
}

/* One case's browser: every page it opens is watched, and closed at its end. */
export class Visit {
    constructor(desk, browser, sessions) {
        this.desk = desk;
        this.browser = browser;
        this.sessions = sessions;
        this.opened = [];
    }

    /* A page of nobody (name null) or of a person who is logged in already. `page.send` asks with its
       cookies, past the page; again, when the server closed a kept connection just then. */
    async page(name, options = {}) {
        const context = await this.browser.newContext({
            baseURL: this.desk.portal,
            viewport: { width: 1280, height: 800 },
            reducedMotion: 'reduce',
            storageState: name ? await this.session(name) : undefined,
            ...options,
        });
        context.setDefaultTimeout(WAIT_MS);
        const watch = new Watch(context);
        this.opened.push({ context, watch });
        const page = await context.newPage();
        page.watch = watch;
        page.send = (method, path, sent) => context.request.fetch(path, { method, maxRetries: 2, ...sent });
        return page;
    }

    /* Cookies of a person, who logs in once for all cases. */
    session(name) {
        this.sessions[name] ||= this.page(null).then(async page => {
            await logIn(page, name, this.desk.password(name));
            return page.context().storageState();
        });
        return this.sessions[name];
    }

    async end(checked) {
        for (const { context, watch } of this.opened) {
            await context.close();
            if (checked) {
                watch.check();
            }
        }
    }
}

export async function logIn(page, name, password) {
    await page.goto('/login');
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(url => url.pathname !== '/login');
}

/* Violations in words; each with the elements it was found at. Of all rules, or of those named. */
export async function axe(page, rules = null) {
    const builder = new AxeBuilder({ page }).setLegacyMode(true);
    const { violations } = await (rules ? builder.withRules(rules) : builder.withTags(AXE_TAGS)).analyze();
    return violations.map(v => `${v.id}: ${v.help}: ` +
        v.nodes.slice(0, 4).map(n => `${n.html.slice(0, 160)} (${n.any[0]?.message || ''})`).join(' | '));
}
