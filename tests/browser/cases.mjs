// Named cases, waiting that depends on no luck, and the tally that run-tests reads.
export const PATIENCE_MS = 30_000;
/* No case takes a quarter of this on a slow machine. */
const CASE_MS = 480_000;
const STEP_MS = 20;
const cases = [];

export function test(name, run) {
    cases.push({ name, run });
}

/* One that changes what the others stand on: it runs after them, by itself. */
export function testAlone(name, run) {
    cases.push({ name, run, alone: true });
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

/* What run() rejects with; undefined when it is well. A browser that stops answering altogether says
   nothing of the desk: the case is run once more then, on pages of its own. */
async function outcome(around, name, run) {
    for (let left = 1; ; left -= 1) {
        const hangs = Symbol('hangs');
        let timer;
        const late = new Promise(resolve => {
            timer = setTimeout(() => resolve(hangs), CASE_MS);
        });
        const end = around(run).then(() => undefined, e => e || new Error('no error was thrown'));
        const result = await Promise.race([end, late]);
        clearTimeout(timer);
        if (result !== hangs) {
            return result;
        }
        console.log(`${name}: no end after ${CASE_MS / 1000} s`);
        if (left === 0) {
            return new Error('it hangs');
        }
    }
}

/* Runs all cases, or those whose names hold a word of the command line, in a few lanes at once:
   no case may depend on another. Those of testAlone() follow one by one. */
export async function runCases(around, lanes = 2) {
    const words = process.argv.slice(2);
    const chosen = cases.filter(c => !words.length || words.some(w => c.name.includes(w)));
    let failed = 0;
    const lane = async waiting => {
        while (waiting.length) {
            const { name, run } = waiting.shift();
            const began = Date.now();
            const error = await outcome(around, name, run);
            if (error) {
                failed += 1;
                console.log(error.stack || error);
            }
            const tookS = ((Date.now() - began) / 1000).toFixed(1);
            console.log(`${error ? 'FAILED' : 'ok'} ${name}, ${tookS} s`);
        }
    };
    const together = chosen.filter(c => !c.alone);
    await Promise.all(Array.from({ length: lanes }, () => lane(together)));
    await lane(chosen.filter(c => c.alone));
    return { passed: chosen.length - failed, failed };
}
