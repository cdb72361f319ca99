'use strict';

// Runs one scenario of grpc-js's client against the server given: node client.js HOST:PORT SCENARIO. Exit code 0 is success.
const assert = require('node:assert/strict');
const { grpc, ParcelService } = require('./parcels');

const [address, scenario] = process.argv.slice(2);
const GZIP = 2;
const MEBIBYTE = 1024 * 1024;

const options = scenario === 'gzip' ? { 'grpc.default_compression_algorithm': GZIP } : {};
const client = new ParcelService(address, grpc.credentials.createInsecure(), options);

const send = (parcel, metadata = new grpc.Metadata(), callOptions = {}) => new Promise((resolve, reject) => {
  client.Send(parcel, metadata, callOptions, (error, answer) => (error ? reject(error) : resolve(answer)));
});

const refused = async (promise, code) => {
  const error = await promise.then(() => assert.fail('the call was not refused'), (reason) => reason);
  assert.equal(error.code, code, error.message);
  return error;
};

const collect = (stream) => new Promise((resolve, reject) => {
  const parcels = [];
  stream.on('data', (parcel) => parcels.push(parcel));
  stream.on('error', reject);
  stream.on('end', () => resolve(parcels));
});

const scenarios = {
  async unary() {
    const answer = await send({ label: 'books', count: 3 });
    assert.deepEqual([answer.label, answer.count], ['books', 3]);
  },

  async 'server stream'() {
    const parcels = await collect(client.Unpack({ label: 'part', count: 500 }));
    assert.deepEqual(parcels.map((parcel) => parcel.count), Array.from({ length: 500 }, (_, i) => i + 1));
  },

  async 'client stream'() {
    const answer = await new Promise((resolve, reject) => {
      const call = client.Pack((error, parcel) => (error ? reject(error) : resolve(parcel)));
      for (const label of ['a', 'b', 'c']) {
        call.write({ label });
      }
      call.end();
    });
    assert.deepEqual([answer.label, answer.count], ['abc', 3]);
  },

  async duplex() {
    const call = client.Exchange();
    const echoes = [];
    call.write({ count: 0 });
    for await (const parcel of call) {
      echoes.push(parcel.count);
      if (parcel.count < 99) {
        call.write({ count: parcel.count + 1 });
      } else {
        call.end();
      }
    }
    assert.deepEqual(echoes, Array.from({ length: 100 }, (_, i) => i));
  },

  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.set('tenant', 'acme');
    metadata.set('weight-bin', Buffer.from([0, 127, 255]));
    let headers;
    let status;
    await new Promise((resolve, reject) => {
      const call = client.Send({ label: 'metadata' }, metadata, (error) => (error ? reject(error) : undefined));
      call.on('metadata', (received) => { headers = received; });
      call.on('status', (received) => { status = received; resolve(); });
    });
    assert.deepEqual(headers.get('tenant'), ['acme']);
    assert.deepEqual(status.metadata.get('weight-bin'), [Buffer.from([0, 127, 255])]);
  },

  async deadline() {
    await refused(send({ label: 'wait' }, undefined, { deadline: Date.now() + 300 }), grpc.status.DEADLINE_EXCEEDED);
  },

  async cancel() {
    const call = client.Exchange();
    const ended = refused(collect(call), grpc.status.CANCELLED);
    call.on('metadata', () => call.cancel());
    call.write({ label: 'wait' });
    await ended;
  },

  async 'error details'() {
    const error = await refused(send({ label: 'refuse' }), grpc.status.FAILED_PRECONDITION);
    assert.equal(error.details, 'el buzón está lleno: 100 %');
    assert.deepEqual(error.metadata.get('grpc-status-details-bin'), [Buffer.from([8, 9, 18, 1, 120, 255])]);
  },

  async 'unknown method'() {
    const unknown = (name) => new Promise((resolve, reject) => {
      client.makeUnaryRequest(name, (x) => x, (x) => x, Buffer.alloc(0), (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    await refused(unknown('/scheduler.tests.parcels.v1.ParcelService/Burn'), grpc.status.UNIMPLEMENTED);
    await refused(unknown('/nobody/Knows'), grpc.status.UNIMPLEMENTED);
  },

  async 'four mebibytes'() {
    const large = await send({ ballast: Buffer.alloc(4 * MEBIBYTE - 64) });
    assert.equal(large.ballast.length, 4 * MEBIBYTE - 64);
    await refused(send({ ballast: Buffer.alloc(4 * MEBIBYTE) }), grpc.status.RESOURCE_EXHAUSTED);
  },

  async gzip() {
    const answer = await send({ label: 'echo the encoding', ballast: Buffer.alloc(100000, 7) });
    assert.equal(answer.label, 'gzip');
    assert.deepEqual(answer.ballast, Buffer.alloc(100000, 7));
    const parcels = await collect(client.Unpack({ label: 'part', count: 3, ballast: Buffer.alloc(100000) }));
    assert.equal(parcels.length, 3);
  },
};

scenarios[scenario]().then(
  () => client.close(),
  (error) => { console.error(error); process.exit(1); });
