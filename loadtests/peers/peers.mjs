// Measures the peers and the scheduler one after the other on one PostgreSQL server, and prints their ratios. See README.md.
import { execFile } from 'node:child_process';
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { settings, startServer } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    payload: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    json: { type: 'string', default: '' },
  },
});
const built = (project) => join(root, 'artifacts', 'Embedded', 'bin', project, 'release', `${project}.dll`);
const run = promisify(execFile);

async function fresh(server, database) {
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  await client.query(`create database ${database}`);
  await client.query('checkpoint');
  await client.end();
}

const last = (output) => JSON.parse(output.trim().split('\n').at(-1));

const peers = {
  'pg-boss': {
    what: 'insert(500), fetch(500), complete(500)',
    measure: async (server) => last((await run('node', [join(here, 'pg-boss.mjs'), server.url('pgboss'), values.seconds, values.payload])).stdout),
    database: 'pgboss',
  },
  'graphile-worker': {
    what: 'addJobs(1,000), run with a local queue of 500',
    measure: async (server) => last((await run('node', [join(here, 'graphile-worker.mjs'), server.url('graphile'), values.seconds, values.payload])).stdout),
    database: 'graphile',
  },
  'Quartz.NET': {
    what: 'ScheduleJobs(200), acquire, execute, delete',
    measure: async (server) => last((await run('dotnet', [built('QuartzPeer'), server.keywords('quartz'), values.seconds, values.payload])).stdout),
    database: 'quartz',
  },
  scheduler: {
    what: 'enqueue(500), decide, lease(500), outcome(500), through gRPC',
    database: 'scheduler',
    measure: async (server) => {
      const folder = mkdtempSync(join(tmpdir(), 'peers-report-'));
      try {
        await run('dotnet', [built('Scheduler.LoadTests'), 'steady', '--rate', 'max', '--seconds', values.seconds, '--connection', server.keywords('scheduler'), '--plain', '--report', folder], { maxBuffer: 1 << 26 });
        const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
        return { lifecycles: report.lifecycles, seconds: report.seconds };
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
};

const server = await startServer();
const results = [];
let failed = false;
try {
  for (const [name, peer] of Object.entries(peers)) {
    if (values.only && !values.only.split(',').includes(name)) continue;
    process.stderr.write(`${name} ...\n`);
    await fresh(server, peer.database);
    try {
      const { lifecycles, seconds } = await peer.measure(server);
      results.push({ name, what: peer.what, lifecycles, seconds, rate: Math.round(lifecycles / seconds) });
    } catch (error) {
      failed = true;
      process.stderr.write(`${name} failed: ${error.stdout ?? ''}${error.stderr ?? error}\n`);
    }
  }
} finally {
  server.stop();
}

const ours = results.find((result) => result.name === 'scheduler')?.rate;
const machine = `${cpus()[0].model}, ${cpus().length} cores; load average ${loadavg()[0].toFixed(1)} at the end; PostgreSQL ${settings.join(' ')}; payload ${values.payload} bytes`;
const lines = [
  machine, '', '| | a lifecycle is | lifecycles/s | scheduler to it |', '|---|---|---|---|',
  ...results.map((result) => `| ${result.name} | ${result.what} | ${result.rate.toLocaleString('en')} | ${ours ? (ours / result.rate).toFixed(2) : ''} |`),
];
console.log(lines.join('\n'));
if (values.json) writeFileSync(values.json, JSON.stringify({ machine, results }, null, 2));
process.exitCode = failed ? 1 : 0;
