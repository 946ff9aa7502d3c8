/* What the pages gain by JavaScript. Each of them works without it. */
(function () {
    'use strict';

    const popup = document.getElementById('popup');
    const body = document.getElementById('popup-body');
    let opener = null;

    /* ---- the popup ------------------------------------------------------------------------- */

    /* The second click of a double click must not fall on the button that moves money. */
    function armLater(button) {
        button.disabled = true;
        setTimeout(function () { button.disabled = false; }, 500);
    }

    function show() {
        if (!popup.open) {
            popup.showModal();
        }
        const first = body.querySelector('[autofocus]');
        if (first) {
            first.focus();
            if (first.select) {
                first.select();
            }
        }
        const act = body.querySelector('button[value="initiate"]');
        if (act) {
            armLater(act);
        }
        enrich(body);
    }

    function open(link) {
        opener = link.closest('details:not([open])') ? document.activeElement : link;
        window.htmx.ajax('GET', link.href, { target: body, swap: 'innerHTML' });
    }

    if (popup && window.htmx && popup.showModal) {
        document.addEventListener('click', function (event) {
            if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey ||
                event.shiftKey || event.altKey) {
                return;
            }
            const link = event.target.closest('a[data-popup]');
            if (link) {
                event.preventDefault();
                open(link);
            } else if (event.target.closest('#popup [data-close]')) {
                event.preventDefault();
                popup.close();
            }
        });
        popup.addEventListener('close', function () {
            body.replaceChildren();
            const again = opener && (opener.isConnected ? opener : document.getElementById(opener.id));
            if (again) {
                again.focus();
            }
        });
        body.addEventListener('htmx:beforeSwap', function (event) {
            /* The request was sent on to another page (done, or logged out): go there. */
            const xhr = event.detail.xhr;
            const asked = new URL(event.detail.pathInfo.finalRequestPath, location.href);
            const got = new URL(xhr.responseURL || asked, location.href);
            if (got.pathname !== asked.pathname) {
                event.detail.shouldSwap = false;
                location.assign(got.href);
            }
        });
        body.addEventListener('htmx:afterSwap', show);
        for (const failure of ['htmx:sendError', 'htmx:timeout']) {
            body.addEventListener(failure, function () {
                if (popup.open) {
                    say('The desk cannot be reached. Nothing is known to have happened: try again, ' +
                        'it will not be done twice.');
                } else if (opener) {
                    location.assign(opener.href);
                }
            });
        }
    }

    /* ---- a pending refund asks for itself ---------------------------------------------------- */

    document.body.addEventListener('htmx:beforeRequest', function (event) {
        if (event.target.id === 'live' && (document.hidden || popup.open)) {
            event.preventDefault();
        }
    });
    document.body.addEventListener('htmx:beforeSwap', function (event) {
        /* logged out, or an error: what stands there stays; what a button asked for is a page then */
        const { serverResponse, requestConfig } = event.detail, id = event.target.id;
        if (['live', 'would'].includes(id) && !(serverResponse || '').includes('id="' + id + '"')) {
            event.detail.shouldSwap = false;
            if (id === 'would') {
                requestConfig.elt.form.requestSubmit(requestConfig.elt);
            }
        }
    });
    document.body.addEventListener('htmx:afterSwap', function () {
        const live = document.getElementById('live');
        if (live && !live.dataset.told) {
            live.dataset.told = '1';
            document.getElementById('news').textContent = live.dataset.news;
            addCopyButtons(live);
        }
    });

    function say(text) {
        const note = document.createElement('div');
        note.className = 'alert alert-danger';
        note.setAttribute('role', 'alert');
        note.textContent = text;
        const main = body.querySelector('.popup-main') || body;
        main.prepend(note);
    }

    /* ---- forms are sent once ---------------------------------------------------------------- */

    document.addEventListener('submit', function (event) {
        const form = event.target;
        if (form.method !== 'post' || form.hasAttribute('hx-post')) {
            return; /* htmx drops the second one itself (hx-sync) */
        }
        if (form.dataset.sent) {
            event.preventDefault();
            return;
        }
        form.dataset.sent = '1';
        document.documentElement.classList.add('busy');
    });
    window.addEventListener('pageshow', function () {
        document.documentElement.classList.remove('busy');
        for (const form of document.querySelectorAll('form[data-sent]')) {
            delete form.dataset.sent;
        }
    });

    window.addEventListener('pagehide', function () {
        for (const once of document.querySelectorAll('[data-once]')) {
            once.replaceChildren(); /* Back does not show it again */
        }
    });

    /* ---- ids can be copied ------------------------------------------------------------------- */

    function addCopyButtons(root) {
        if (!navigator.clipboard) {
            return;
        }
        for (const cell of root.querySelectorAll('td.id, td .id:not(.event), dd.id, code.id, pre.copied')) {
            const text = cell.textContent.trim(), link = cell.matches('a');
            if (!text || (link ? cell.parentElement : cell).querySelector(':scope > .copy')) {
                continue;
            }
            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'copy';
            button.title = 'Copy';
            button.setAttribute('aria-label', 'Copy ' + text);
            button.addEventListener('click', function () {
                navigator.clipboard.writeText(text).then(function () {
                    button.classList.add('done');
                    setTimeout(function () { button.classList.remove('done'); }, 1500);
                });
            });
            cell[link ? 'after' : 'append'](button); /* a click on it never follows the link */
        }
    }

    /* ---- the live remainder: minor units as BigInt, never a float ------------------------------ */

    function minorUnits(text, decimals) {
        const parts = /^([0-9]{1,16})(?:\.([0-9]+))?$/.exec(text);
        const fraction = parts && parts[2] || '';
        if (!parts || fraction.length > decimals) {
            return null;
        }
        return BigInt(parts[1] + fraction.padEnd(decimals, '0'));
    }

    function grouped(minor, decimals, locale) {
        const digits = minor.toString().padStart(decimals + 1, '0');
        const cut = digits.length - decimals;
        const whole = new Intl.NumberFormat(locale).format(BigInt(digits.slice(0, cut)));
        if (!decimals) {
            return whole;
        }
        const parts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).formatToParts(1);
        const point = parts.find(function (p) { return p.type === 'decimal'; });
        return whole + (point ? point.value : '.') + digits.slice(cut);
    }

    function remainder(amount, fields) {
        const { left, minimum, decimals, locale, currency } = amount.dataset;
        const places = Number(decimals);
        const texts = fields.map(function (f) { return f.value; }).filter(Boolean);
        const all = texts.map(function (text) { return minorUnits(text, places); });
        if (!texts.length || all.includes(null)) {
            return !texts.length ? '' : places
                ? 'Digits, with a point before at most ' + places + ' decimals.'
                : 'Digits only: ' + currency + ' has no decimals.';
        }
        const wanted = all.reduce(function (sum, part) { return sum + part; });
        const rest = BigInt(left) - wanted;
        if (rest < 0n) {
            return 'More than is refundable: ' + grouped(BigInt(left), places, locale) + ' ' +
                currency + ' is left.';
        }
        let text = 'Customer gets ' + grouped(wanted, places, locale) + ' · ' +
            grouped(rest, places, locale) + ' stays refundable';
        if (rest > 0n && rest < BigInt(minimum)) {
            text += ', which is less than the smallest refund and could never be given back';
        }
        return text;
    }

    function liveAmount(root) {
        const amount = root.querySelector('#amount[data-left]');
        if (!amount || typeof BigInt !== 'function') {
            return;
        }
        const fields = Array.from(root.querySelectorAll('input[data-rest]'));
        const note = root.querySelector('#amount-live'), button = root.querySelector('[data-fill]');
        const update = function () { note.textContent = remainder(amount, fields); };
        button.hidden = false;
        button.addEventListener('click', function () {
            fields.forEach(function (f) { f.value = f.dataset.rest; });
            fields[0].focus();
            update();
        });
        for (const field of fields) {
            field.addEventListener('input', update);
        }
        if (!amount.hasAttribute('aria-invalid')) {
            update(); /* else the refusal says it already */
        }
    }

    /* ---- everything else ------------------------------------------------------------------------ */

    function enrich(root) {
        addCopyButtons(root);
        liveAmount(root);
    }

    const menus = 'details.user[open], details.filters[open]';

    document.addEventListener('click', function (event) {
        for (const menu of document.querySelectorAll(menus)) {
            if (!menu.contains(event.target)) {
                menu.open = false;
            }
        }
    });

    /* ---- keys: none of them moves money ------------------------------------------------------- */

    let gone = 0; /* when `g` was pressed */

    const keys = {
        '/': function () { document.querySelector('.find input').focus(); },
        '?': function () { open(document.querySelector('.user a[data-popup]')); },
        'g': function () { gone = Date.now(); },
        'Escape': function () {
            const menu = document.querySelector(menus);
            if (menu) {
                menu.open = false;
                menu.querySelector('summary').focus();
            }
        }
    };
    const places = { o: '/orders', r: '/refunds', b: '/batch/batch-refunds' };

    document.addEventListener('keydown', function (event) {
        const typing = event.target.closest('input, select, textarea');
        if (!popup || popup.open || event.ctrlKey || event.metaKey || event.altKey ||
            typing && event.key !== 'Escape') {
            return;
        }
        const place = Date.now() - gone < 1500 && places[event.key];
        const link = place && document.querySelector('.side a[href="' + place + '"]');
        gone = 0;
        if (link) {
            event.preventDefault();
            link.click();
        } else if (Object.hasOwn(keys, event.key)) {
            if (event.key !== 'Escape') {
                event.preventDefault();
            }
            keys[event.key]();
        }
    });

    enrich(document);
}());
