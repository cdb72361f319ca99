// Loads every file of the protocol as a Node client does and prints the methods found, one a line.
const fs = require('node:fs');
const path = require('node:path');
const loader = require('@grpc/proto-loader');

const root = path.resolve(process.argv[2]);
const folder = path.join(root, 'scheduler', 'v1');
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.proto')).map((name) => path.join(folder, name));
const loaded = loader.loadSync(files, { includeDirs: [root, path.join(root, 'third_party')], longs: String, enums: String, oneofs: true });
for (const [service, definition] of Object.entries(loaded)) {
  if (definition.format) continue;
  for (const method of Object.values(definition)) {
    if (method.path) console.log(`${service} ${method.path}`);
  }
}
