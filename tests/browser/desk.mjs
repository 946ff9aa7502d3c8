// A whole desk in a temporary folder, by `make run`'s own supervisor on free ports.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, until } from './cases.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const BUILD = path.resolve(process.env.BUILDDIR || '.');
const START_MS = 60_000;
const STOP_MS = 60_000;
const READY = 'Ctrl-C ends it.';
const SPOILT = ['AddressSanitizer', 'LeakSanitizer', 'runtime error:', 'CHECK failed', 'was killed by'];
const WORKER = `[worker]
poll_ms = 100ms
inquire_first_ms = 100ms
inquire_max_ms = 400ms
`;

/* Below the ports that the kernel gives to clients, so that none of those takes one. */
function freePort() {
    return new Promise(resolve => {
        const port = 15_000 + Math.floor(Math.random() * 17_000);
        const server = net.createServer();
        server.once('error', () => resolve(freePort()));
        server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)));
    });
}

function isListening(port) {
    return new Promise(resolve => {
        const socket = net.connect(port, '127.0.0.1');
        socket.once('connect', () => { socket.destroy(); resolve(true); });
        socket.once('error', () => resolve(false));
    });
}

/* One request on a connection of its own: a kept one may be closed by the server just when it is
   used again. */
function send(method, url, body, headers = {}) {
    return new Promise((resolve, reject) => {
        const request = http.request(url, { method, headers, agent: false }, answer => {
            let text = '';
            answer.setEncoding('utf8').on('data', part => { text += part; })
                .on('end', () => resolve({ status: answer.statusCode, text })).on('error', reject);
        });
        request.on('error', reject).end(body);
    });
}

/* Command lines that name the folder: all that belongs to this desk. */
function processesOf(home) {
    return fs.readdirSync('/proc').filter(name => /^[0-9]+$/.test(name)).filter(pid => {
        try {
            return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home);
        } catch {
            return false;
        }
    });
}

export class Desk {
    constructor() {
        this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'refunddesk-browser-'));
        this.home = path.join(this.folder, 'var');
        this.log = '';
        this.names = 0;
    }

    async start() {
        fs.mkdirSync(this.home, { mode: 0o700 });
        fs.writeFileSync(path.join(this.home, 'refunddesk.conf'), WORKER);
        for (let attempt = 0; attempt < 5; attempt++) {
            await this.tryToStart();
            if (this.log.includes(READY)) {
                break;
            }
            ok(this.log.includes('is taken'), `the desk does not start:\n${this.log}`);
        }
        const file = path.join(this.home, 'demo', 'credentials.json');
        this.credentials = JSON.parse(fs.readFileSync(file, 'utf8'));
        this.portal = this.credentials.portal_url;
        return this;
    }

    async tryToStart() {
        this.ports = [await freePort(), await freePort(), await freePort()];
        this.log = '';
        this.ended = null;
        const [PORTAL_PORT, API_PORT, SIMGATE_PORT] = this.ports;
        // Its end comes with ours at the latest.
        this.supervisor = spawn('setpriv', ['--pdeathsig', 'TERM', path.join(BUILD, 'run-instance')], {
            env: { ...process.env, REFUNDDESK_HOME: this.home, PORTAL_PORT, API_PORT, SIMGATE_PORT },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.exit = new Promise(resolve => {
            this.supervisor.once('error', error => { this.log += error.stack; resolve(-1); });
            this.supervisor.once('exit', resolve);
        }).then(status => { this.ended = status ?? -1; });
        for (const stream of [this.supervisor.stdout, this.supervisor.stderr]) {
            stream.setEncoding('utf8').on('data', text => { this.log += text; });
        }
        await until(`the desk to serve:\n${this.log}`,
            () => this.ended !== null || this.log.includes(READY), START_MS);
    }

    /* Like Ctrl-C. Throws when it ends badly or leaves something behind. */
    async stop() {
        try {
            ok(this.ended === null, `run-instance ended by itself or by another:\n${this.log.slice(-4000)}`);
            this.supervisor.kill('SIGINT');
            await until('the end of the desk', () => this.ended !== null, STOP_MS);
            ok(this.ended === 0, `run-instance ended with ${this.ended}:\n${this.log.slice(-4000)}`);
            ok(!processesOf(this.home).length, `left running: ${processesOf(this.home)}`);
            for (const port of this.ports) {
                ok(!await isListening(port), `port ${port} still answers`);
            }
            const word = SPOILT.find(spoilt => this.log.includes(spoilt));
            ok(!word, `${word}:\n${this.log.slice(-8000)}`);
        } finally {
            this.destroy();
        }
    }

    destroy() {
        for (const pid of processesOf(this.home)) {
            try {
                process.kill(Number(pid), 'SIGKILL');
            } catch { /* it is gone */ }
        }
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    password(name) {
        return this.credentials.users.find(user => user.name === name).password;
    }

    /* A name that no other case has. */
    name(kind) {
        this.names += 1;
        return `${kind}-${this.names}-${process.pid}`;
    }

    async api(method, where, fields) {
        const { api_url: api, api_key: key } = this.credentials;
        const { status, text } = await send(method, api + where, fields && JSON.stringify(fields), {
            'authorization': 'Basic ' + Buffer.from(key + ':').toString('base64'),
            'content-type': 'application/json',
        });
        ok(status === 200, `${method} ${where}: ${status} ${text}`);
        return JSON.parse(text);
    }

    order(orderId) {
        return this.api('GET', '/orders/' + encodeURIComponent(orderId));
    }

    /* The id of a new order of 400.00 INR (unless told otherwise) that is paid. */
    async chargedOrder(fields = {}) {
        const orderId = fields.order_id || this.name('web');
        await this.api('POST', '/orders', { order_id: orderId, amount: '400', ...fields });
        await until(`${orderId} to be charged`, async () => (await this.order(orderId)).status === 'CHARGED');
        return orderId;
    }

    async refunds(orderId) {
        return (await this.order(orderId)).refunds || [];
    }

    /* Rows that no API would take: [[statement, [text or null, …]], …] in one transaction. */
    sql(statements) {
        const done = spawnSync(process.env.PYTHON || 'python3',
            [path.join(HERE, 'sql.py'), path.join(this.home, 'refunddesk.db')],
            { input: JSON.stringify(statements), encoding: 'utf8' });
        ok(done.status === 0, `sql: ${done.stderr}`);
    }

    /* A scripted fault of the simulator. */
    async fault(script) {
        const { status, text } = await send('POST',
            `http://127.0.0.1:${this.ports[2]}/control/faults`, JSON.stringify(script));
        ok(status === 201, `fault: ${status} ${text}`);
    }
}
