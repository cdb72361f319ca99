// A PostgreSQL server on loopback with the settings that figures are quoted with, in a folder that goes with it. The server refuses root,
// so where this process is root it runs as the user postgres.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const settings = ['shared_buffers=1GB', 'max_wal_size=8GB', 'synchronous_commit=on', 'fsync=on', 'max_connections=200'];

const debian = '/usr/lib/postgresql';
const binaries = existsSync(debian) ? join(debian, readdirSync(debian).sort().at(-1), 'bin') : '';
const isRoot = process.getuid?.() === 0;

function tool(name, args) {
  const command = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', join(binaries, name), ...args] : [join(binaries, name), ...args];
  execFileSync(command[0], command.slice(1), { stdio: 'ignore', cwd: tmpdir() });
}

const freePort = () => new Promise((resolve) => {
  const listener = createServer().listen(0, '127.0.0.1', () => {
    const { port } = listener.address();
    listener.close(() => resolve(port));
  });
});

export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'peers-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  tool('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C']);
  const options = [`-p ${port}`, '-c listen_addresses=127.0.0.1', `-c unix_socket_directories=${folder}`, ...settings.map((setting) => `-c ${setting}`)];
  tool('pg_ctl', ['start', '-w', '-t', '60', '-D', data, '-l', join(folder, 'log'), '-o', options.join(' ')]);
  return {
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    keywords: (database) => `Host=127.0.0.1;Port=${port};Username=postgres;Database=${database}`,
    stop() {
      tool('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', data]);
      rmSync(folder, { recursive: true });
    },
  };
}
