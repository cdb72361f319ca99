// graphile-worker with what its performance page advises: jobs added a thousand at a time, a local queue of 500, completions batched.
// One lifecycle: stored, taken, run, deleted.
import { makeWorkerUtils, run } from 'graphile-worker';
import { measure, payload } from './measure.mjs';

const [connectionString, seconds, bytes] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const utils = await makeWorkerUtils({ connectionString });
await utils.migrate();
let completed = 0;
const quiet = { error: console.error, warn() {}, info() {}, debug() {} };
const runner = await run({
  connectionString,
  noHandleSignals: true,
  taskList: { load: () => { completed += 1; } },
  preset: {
    worker: {
      concurrentJobs: 500, maxPoolSize: 10, pollInterval: 50,
      localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0,
      logger: new (await import('graphile-worker')).Logger(() => (level, message) => { if (level === 'error') quiet.error(message); }),
    },
  },
});
const data = payload(bytes);
const figures = await measure({
  seconds, batch: 1000, ahead: 20_000, producers: 2,
  add: (count) => utils.addJobs(Array.from({ length: count }, () => ({ identifier: 'load', payload: data }))),
  done: () => completed,
});
console.log(JSON.stringify(figures));
await runner.stop();
await utils.release();
process.exit(0);
