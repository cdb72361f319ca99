// pg-boss as its documents use it for bulk: insert(500), fetch(500), complete(500). One lifecycle: stored, taken, completed.
import { PgBoss } from 'pg-boss';
import { measure, payload } from './measure.mjs';

const [connectionString, seconds, bytes] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const batch = 500;
const boss = new PgBoss({ connectionString, max: 10, supervise: true, schedule: false });
boss.on('error', (error) => { console.error(error); process.exit(1); });
await boss.start();
await boss.createQueue('load');
const data = payload(bytes);
let completed = 0;
let ending = false;
const workers = Array.from({ length: 3 }, async () => {
  while (!ending) {
    const jobs = await boss.fetch('load', { batchSize: batch });
    if (jobs.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      continue;
    }
    await boss.complete('load', jobs.map((job) => job.id));
    completed += jobs.length;
  }
});
const figures = await measure({
  seconds, batch, ahead: batch * 40, producers: 2,
  add: (count) => boss.insert('load', Array.from({ length: count }, () => ({ data }))),
  done: () => completed,
});
ending = true;
await Promise.all(workers);
console.log(JSON.stringify(figures));
await boss.stop({ graceful: false });
process.exit(0);
