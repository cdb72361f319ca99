'use strict';

// grpc-js's server with the parcel service: prints its port, stops when its standard input ends.
const { grpc, ParcelService } = require('./parcels');

const cancelled = { count: 0 };

const refusal = () => {
  const metadata = new grpc.Metadata();
  metadata.set('reason', 'lid');
  metadata.set('grpc-status-details-bin', Buffer.from([8, 9, 18, 1, 120, 255]));
  return { code: grpc.status.FAILED_PRECONDITION, details: 'el buzón está lleno: 100 %', metadata };
};

const send = (call, callback) => {
  const parcel = call.request;
  switch (parcel.label) {
    case 'refuse':
      callback(refusal());
      break;
    case 'wait':
      call.on('cancelled', () => { cancelled.count += 1; });
      break;
    case 'cancelled':
      callback(null, { count: cancelled.count });
      break;
    case 'metadata': {
      const trailers = new grpc.Metadata();
      trailers.set('weight-bin', call.metadata.get('weight-bin')[0]);
      call.sendMetadata(call.metadata.clone());
      callback(null, parcel, trailers);
      break;
    }
    default:
      callback(null, parcel);
  }
};

const unpack = (call) => {
  const { label, count, ballast } = call.request;
  for (let i = 1; i <= count; i += 1) {
    call.write({ label: `${label} ${i}`, count: i, ballast });
  }
  call.end();
};

const pack = (call, callback) => {
  const joined = { label: '', count: 0 };
  call.on('data', (part) => { joined.label += part.label; joined.count += 1; });
  call.on('end', () => callback(null, joined));
};

const exchange = (call) => {
  call.on('data', (parcel) => call.write(parcel));
  call.on('end', () => call.end());
};

const server = new grpc.Server({
  'grpc.max_receive_message_length': 4 * 1024 * 1024,
});
server.addService(ParcelService.service, { Send: send, Unpack: unpack, Pack: pack, Exchange: exchange });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    console.error(error);
    process.exit(1);
  }
  console.log(port);
});
process.stdin.on('end', () => server.forceShutdown()).resume();
