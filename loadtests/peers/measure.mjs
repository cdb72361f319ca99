// What both queues are measured by: producers a bounded distance ahead of the workers, a warm-up that does not count, whole lifecycles.
export const payload = (bytes) => ({ text: 'x'.repeat(bytes) });

const pause = () => new Promise((resolve) => setTimeout(resolve, 2));

// add(count) stores jobs; done() tells how many were completed so far.
export async function measure({ seconds, batch, ahead, producers, add, done }) {
  let added = 0;
  const run = async (length) => {
    const end = performance.now() + length * 1000;
    await Promise.all(Array.from({ length: producers }, async () => {
      while (performance.now() < end) {
        while (added - done() > ahead) await pause();
        added += batch;
        await add(batch);
      }
    }));
    while (done() < added) await pause();
  };
  await run(Math.min(5, seconds));
  const before = done();
  const began = performance.now();
  await run(seconds);
  return { lifecycles: done() - before, seconds: (performance.now() - began) / 1000 };
}
