// A whole desk, Debian's Chromium, and the cases that were imported.
import { Visit, launch } from './browser.mjs';
import { runCases } from './cases.mjs';
import { Desk } from './desk.mjs';

/* Exits with 1 when a case fails, or the desk ends badly. */
export async function main() {
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
