// Named cases, waiting that depends on no luck, and the tally that run-tests reads.
export const PATIENCE_MS = 30_000;
const STEP_MS = 20;
const cases = [];

export function test(name, run) {
    cases.push({ name, run });
}

export function sleep(ms) {
    return new Promise(resolve => setTimeout(resolve, ms));
}

/* The first true value of ask(). */
export async function until(what, ask, boundMs = PATIENCE_MS) {
    const end = Date.now() + boundMs;
    for (;;) {
        const value = await ask();
        if (value) {
            return value;
        }
        if (Date.now() > end) {
            throw new Error(`not within ${boundMs} ms: ${what}`);
        }
        await sleep(STEP_MS);
    }
}

export function ok(value, what) {
    if (!value) {
        throw new Error(what);
    }
}

export function equal(got, wanted, what = '') {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    ok(a === b, `${what && what + ': '}${a}, expected ${b}`);
}

export function contains(whole, part, what = '') {
    ok(whole.includes(part), `${what && what + ': '}${JSON.stringify(whole)} has no ${JSON.stringify(part)}`);
}

/* Runs all cases, or those whose names hold a word of the command line. */
export async function runCases(around) {
    const words = process.argv.slice(2);
    const chosen = cases.filter(c => !words.length || words.some(w => c.name.includes(w)));
    let failed = 0;
    for (const { name, run } of chosen) {
        const began = Date.now();
        let word = 'ok';
        try {
            await around(run);
        } catch (error) {
            failed += 1;
            word = 'FAILED';
            console.log(error.stack || error);
        }
        console.log(`${word} ${name}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
    return { passed: chosen.length - failed, failed };
}
