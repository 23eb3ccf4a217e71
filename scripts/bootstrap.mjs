/**
 * Runs `scripts/<command>.ts` on a machine that has Node ≥ 20, npm and Python ≥ 3.10 and nothing else: installs the
 * dependencies when the lockfile changed, then hands over to the Node that they bring. Plain JavaScript, because
 * nothing is installed yet and Node 20 does not run TypeScript.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM_NODE = 20;
const MINIMUM_PYTHON = [3, 10];
/** Commands that start the local cloud, which is written in Python. */
const COMMANDS_WITH_CLOUD = new Set(['start', 'test']);
/** Tried in this order; LONGHAUL_PYTHON names another. */
const PYTHON_NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_POLL_MS = 1000;
/** Exit codes of shells for a program that a signal ended. */
const SIGNAL_EXIT_BASE = 128;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const marker = path.join(root, 'node_modules', '.longhaul-lock');
const binaries = path.join(root, 'node_modules', '.bin');

/** Ends the process with what failed, why, and what to do. */
function fail(what, why, remedy) {
  console.error(`✗ ${what}\n  why: ${why}\n  do:  ${remedy}`);
  process.exit(1);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= MINIMUM_NODE) return;
  fail(
    'Node.js is too old',
    `this is Node ${process.versions.node}; Longhaul needs ${MINIMUM_NODE} or later to install itself`,
    'install a current Node.js from https://nodejs.org and run the command again',
  );
}

/** The version of an interpreter, or undefined when there is none by that name. */
function pythonVersion(name) {
  const probe = spawnSync(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  if (probe.status !== 0) return undefined;
  return probe.stdout.trim().split('.').map(Number);
}

function isPythonNewEnough([major, minor]) {
  return major > MINIMUM_PYTHON[0] || (major === MINIMUM_PYTHON[0] && minor >= MINIMUM_PYTHON[1]);
}

/** Finds the Python that makes the virtual environment of the local cloud. */
function findPython() {
  const named = process.env.LONGHAUL_PYTHON;
  const found = [];
  for (const name of named ? [named] : PYTHON_NAMES) {
    const version = pythonVersion(name);
    if (version === undefined) continue;
    found.push(`${name} is ${version.join('.')}`);
    if (!isPythonNewEnough(version)) continue;
    if (spawnSync(name, ['-c', 'import venv, ensurepip']).status === 0) return name;
    fail(
      `${name} cannot make a virtual environment`,
      'its modules `venv` and `ensurepip` are missing (Debian and Ubuntu ship them apart)',
      'run `apt-get install python3-venv`, or name another interpreter in LONGHAUL_PYTHON',
    );
  }
  fail(
    `Python ${MINIMUM_PYTHON.join('.')} or later is missing`,
    found.length > 0
      ? found.join(', ')
      : `none of these is on the PATH: ${(named ? [named] : PYTHON_NAMES).join(', ')}`,
    'install Python from your package manager or https://python.org, or name one in LONGHAUL_PYTHON',
  );
}

/** npm as it was started, or the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /\.c?js$/.test(script)) return [process.execPath, [script]];
  return ['npm', []];
}

/** Runs a program in the foreground, passes signals on to it, and resolves when it has ended. */
function runProgram(program, parameters, options) {
  const child = spawn(program, parameters, { cwd: root, ...options });
  const forward = (signal) => child.kill(signal);
  for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
  const watch = watchParent(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of FORWARDED_SIGNALS) process.off(name, forward);
      resolve(signal === null ? code : SIGNAL_EXIT_BASE + constants.signals[signal]);
    });
  });
}

/** npm that is killed outright forwards no signal: its end is seen by a change of ancestors. */
function watchParent(onEnd) {
  const before = ancestors();
  const startedByNpm = process.env.npm_lifecycle_event !== undefined;
  return setInterval(() => {
    if (startedByNpm && ancestors() !== before) onEnd();
  }, PARENT_POLL_MS);
}

/** Our parent, which is a shell, and its parent, which is npm, where the system tells. */
function ancestors() {
  const file = `/proc/${process.ppid}/stat`;
  // The name of the program, in parentheses, may hold anything; state and parent follow it.
  const [, grandparent] = existsSync(file) ? readFileSync(file, 'utf8').split(') ').at(-1).split(' ') : [];
  return `${process.ppid} ${grandparent}`;
}

/** Installs what the lockfile says, unless it is what was installed last. */
async function installDependencies() {
  const lockfile = readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lockfile).digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) return;
  console.log('Installing dependencies (only when package-lock.json changed) …');
  const startedAt = Date.now();
  const [npm, prefix] = npmCommand();
  const install = runProgram(npm, [...prefix, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await install.catch((error) =>
    fail('npm cannot be started', error.message, 'install Node.js with npm from https://nodejs.org'),
  );
  if (code > SIGNAL_EXIT_BASE) process.exit(code);
  if (code !== 0) {
    const remedy = 'check the connection to the npm registry, then run the command again';
    fail('`npm ci` failed', `it ended with code ${code}; its messages stand above`, remedy);
  }
  writeFileSync(marker, hash);
  console.log(`✓ dependencies ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Runs the command with the Node that was installed, and ends as it ends. */
async function runCommand(command, options, python) {
  const script = path.join(root, 'scripts', `${command}.ts`);
  const run = runProgram(path.join(binaries, 'node'), [script, ...options], {
    // The channel closes when this process dies, however it dies: the command then stops what it started.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`,
      ...(python === undefined ? {} : { LONGHAUL_PYTHON: python }),
    },
  });
  process.exit(
    await run.catch((error) =>
      fail(`${command} cannot be started`, error.message, 'remove the folder node_modules and run the command again'),
    ),
  );
}

checkNode();
const [command, ...options] = process.argv.slice(2);
if (command === undefined || !existsSync(path.join(root, 'scripts', `${command}.ts`))) {
  fail(
    `there is no command ${command ?? '(none given)'}`,
    'scripts/bootstrap.mjs runs scripts/<command>.ts',
    'npm start',
  );
}
const python = COMMANDS_WITH_CLOUD.has(command) ? findPython() : undefined;
await installDependencies();
await runCommand(command, options, python);
