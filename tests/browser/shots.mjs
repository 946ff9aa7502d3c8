#!/usr/bin/env node
// `make screenshots`: the README's picture, of a fresh demo.   shots.mjs FOLDER
import fs from 'node:fs';
import path from 'node:path';
import { Visit, launch } from './browser.mjs';
import { Desk } from './desk.mjs';

const MOST_BYTES = 200_000;
const PICTURES = {
    'orders.png': async page => {
        await page.goto('/orders');
        await page.mouse.move(640, 60); // over no row
    },
};

async function main() {
    const folder = process.argv[2] || 'docs';
    const desk = await new Desk().start();
    const browser = await launch(desk.folder);
    const visit = new Visit(desk, browser, {});
    const page = await visit.page('maker');
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, show] of Object.entries(PICTURES)) {
        const file = path.join(folder, name);
        await show(page);
        await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
        const { size } = fs.statSync(file);
        console.log(`${file}: ${size} bytes`);
        if (size > MOST_BYTES) {
            throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
        }
    }
    await visit.end(true);
    await browser.close();
    await desk.stop();
}

main().catch(error => {
    console.error(error.stack || error);
    process.exit(1);
});
