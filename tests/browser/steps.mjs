// What an operator does, in his words.
import { ok, until } from './cases.mjs';

export const REFUND_PAGE = /\/refunds\/[0-9a-z]{13}$/;

/* Where what a page fetches after itself (counts and totals) has come. */
export async function complete(page) {
    await until('what the page fetches afterwards', () =>
        page.evaluate(() => !document.querySelector('[hx-trigger=load]')));
}

export async function findOrder(page, id) {
    await page.goto('/orders');
    await page.getByLabel('Search any id').fill(id);
    await page.keyboard.press('Enter');
    await page.waitForURL(url => url.searchParams.get('q') === id);
}

/* The row's own link, so that the tests do not depend on its look. */
export async function openOrder(page, orderId) {
    await page.goto('/orders/' + encodeURIComponent(orderId));
}

/* Create Refund of the open page; the popup with JavaScript, its page without. */
export async function openCreate(page) {
    await page.getByRole('link', { name: 'Create Refund' }).first().click();
    await page.getByRole('button', { name: 'Initiate Refund' }).waitFor();
}

export async function fillCreate(page, { amount, reason = 'CANCELLATION', note }) {
    if (amount !== undefined) {
        await page.locator('#amount').fill(amount);
    }
    if (reason !== null) {
        await page.locator('#reason').selectOption(reason);
    }
    if (note !== undefined) {
        await page.locator('#note').fill(note);
    }
}

export function initiate(page) {
    return page.getByRole('button', { name: 'Initiate Refund' }).click();
}

export function confirmButton(page) {
    return page.getByRole('button', { name: /^Refund [0-9]/ });
}

/* The order page with the refund that was just made. */
export function waitForResult(page) {
    return page.waitForURL(url => url.searchParams.has('new'));
}

/* Reloads until the refund that was made shows this status. */
export async function seeStatus(page, word) {
    await until(`the new refund to be ${word}`, async () => {
        const status = await page.locator('tr.fresh .badge').first().textContent();
        if (status !== word) {
            await page.reload();
        }
        return status === word;
    });
}

/* Who is without JavaScript takes the form's values from the page, as the browser would. */
export async function formFields(page) {
    const fields = await page.locator('main form, #popup form').first().evaluate(
        form => Object.fromEntries(new FormData(form)));
    ok(fields.csrf, 'a form without a token');
    return fields;
}
