#!/usr/bin/env node
// The portal as people see it: a whole desk, Debian's Chromium.
//
//   check_browser.mjs [WORD…]     only the cases whose names hold one of the words
import { Visit, launch } from './browser.mjs';
import { runCases } from './cases.mjs';
import { Desk } from './desk.mjs';
import './t_pages.mjs'; // the longest first
import './t_refund.mjs';
import './t_refusals.mjs';
import './t_hostile.mjs';
import './t_payloads.mjs';
import './t_keyboard.mjs';
import './t_access.mjs';
import './t_settings.mjs';

async function main() {
    const desk = new Desk();
    let tally = { passed: 0, failed: 1 };
    let browser = null;
    const end = () => {
        desk.destroy();
        process.exit(143);
    };
    process.once('SIGTERM', end).once('SIGINT', end);
    try {
        await desk.start();
        browser = await launch(desk.folder);
        const sessions = {};
        tally = await runCases(async run => {
            const visit = new Visit(desk, browser, sessions);
            let done = false;
            try {
                await run(visit);
                done = true;
            } finally {
                await visit.end(done);
            }
        });
    } catch (error) {
        console.log(error.stack || error);
        console.log(desk.log.slice(-4000));
    }
    if (browser) {
        await browser.close();
    }
    try {
        await desk.stop();
        console.log('the desk ended well and left nothing');
    } catch (error) {
        console.log(error.stack || error);
        tally.failed += 1;
    }
    console.log(`${tally.passed} passed, ${tally.failed} failed`);
    process.exit(tally.failed ? 1 : 0);
}

main();
