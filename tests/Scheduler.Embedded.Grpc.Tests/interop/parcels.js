'use strict';

// Loads the parcel service from the .proto file that the C# side is generated from.
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, '..', 'Protos', 'parcels.proto'), { keepCase: true, defaults: true });
const { ParcelService } = grpc.loadPackageDefinition(definition).scheduler.tests.parcels.v1;

module.exports = { grpc, ParcelService };
