import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LONGHAUL_FOLDER } from '../../../scripts/local/project-folders.ts';
import { readIfThere } from '../../../scripts/local/read-if-there.ts';
import { runProgram } from '../../../scripts/local/run-program.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';

const MINUTE = 60_000;
const PROBE_LIMIT_MS = MINUTE / 2;
/** About 50 MB, the first time only. */
const FETCH_LIMIT_MS = 3 * MINUTE;
const MINIMUM_JAVA = 17;
const COPY_JARS = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const HERE = import.meta.dirname;
const JARS = path.join(LONGHAUL_FOLDER, 'dynamodb-local');

/** A running DynamoDB Local; disposing of it ends it. */
export interface DynamoDbLocal extends AsyncDisposable {
  client: DynamoDBClient;
}

/** What this machine lacks for DynamoDB Local, in words for a report; undefined when it is here, or was fetched now. */
export async function missingForDynamoDbLocal(): Promise<string | undefined> {
  if (process.arch !== 'x64') return `its database is not built for ${process.arch}`;
  const modules = await outputOf('java', ['--list-modules'], PROBE_LIMIT_MS);
  const version = Number(/java\.base@(\d+)/.exec(modules ?? '')?.[1]);
  if (!(version >= MINIMUM_JAVA)) return `there is no Java ${MINIMUM_JAVA} or later on the PATH`;
  if (!modules?.includes('jdk.compiler@')) return 'the Java on the PATH is no JDK';
  return (await haveJars()) ? undefined : 'Maven is not on the PATH, or could not fetch its jars';
}

async function haveJars(): Promise<boolean> {
  const project = path.join(HERE, 'pom.xml');
  const marker = path.join(JARS, 'pom.sha256');
  const hash = createHash('sha256')
    .update(await readFile(project))
    .digest('hex');
  if ((await readIfThere(marker)) === hash) return true;
  await rm(JARS, { recursive: true, force: true });
  await mkdir(JARS, { recursive: true });
  const parameters = ['-B', '-q', '-f', project, COPY_JARS, '-DincludeScope=runtime', `-DoutputDirectory=${JARS}`];
  if ((await outputOf('mvn', parameters, FETCH_LIMIT_MS)) === undefined) return false;
  await writeFile(marker, hash);
  return true;
}

/** What a program printed; undefined when it is not there, takes too long or fails. */
async function outputOf(program: string, parameters: string[], limitMs: number): Promise<string | undefined> {
  try {
    const { code, output } = await runProgram(program, parameters, { cwd: HERE, env: process.env, limitMs });
    return code === 0 ? output : undefined;
  } catch (error) {
    if (error instanceof LonghaulError) return undefined;
    throw error;
  }
}

/** Starts it on a free port of the loopback address, in memory. It ends with this process, however that ends. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const parameters = [
    '-Xmx256m',
    // A server of seconds: compiling its code well costs more than it gains.
    '-XX:TieredStopAtLevel=1',
    `-Dsqlite4java.library.path=${JARS}`,
    '-cp',
    path.join(JARS, '*'),
    path.join(HERE, 'LoopbackServer.java'),
  ];
  const server = spawn('java', parameters, { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(server, 'exit');
  for await (const line of createInterface(server.stdout)) {
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'contract', secretAccessKey: 'contract' },
    });
    const stop = async () => {
      client.destroy();
      server.stdin.end();
      await ended;
    };
    return { client, [Symbol.asyncDispose]: stop };
  }
  throw new Error('DynamoDB Local ended before it listened');
}
