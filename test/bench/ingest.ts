import { mkdir, stat } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatFiles, formatRow, isMet, TABLE_HEAD, type Row } from './ingest/format-table.ts';
import { makeInput, type BenchInput } from './ingest/make-input.ts';
import { measureWork, startOnce } from './ingest/measure-work.ts';
import { findPeer } from './ingest/peer.ts';
import { WORKS, type Work } from './ingest/works.ts';

const HELP = `npm run bench:ingest -- [--only ${WORKS.map(({ id }) => id).join('|')}]… [--rounds 3] [--file FILE]…

Measures 'longhaul run ingest' and a peer (ogr2ogr, else pyogrio from PyPI) on files that it makes, as whole processes
on one core, in turns. Prints a table of medians: seconds of processor time, by the clock in brackets. Ends with exit
code 1 when a target is missed. What it makes and installs is kept under .longhaul/bench/.

  --only    one row; may be given several times
  --rounds  runs of each program
  --file    a file to turn into FlatGeobuf instead of the rows; may be given several times`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '3' },
    file: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}

const folder = new URL('../../.longhaul/bench/', import.meta.url);
const inputs = new URL('ingest/', folder);
const rounds = Number(values.rounds);
const works = chooseWorks();

await mkdir(inputs, { recursive: true });
const peer = await findPeer(folder);
await startOnce();
const processor = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores`;
const load = loadavg()[0]!.toFixed(1);
console.log(
  `${processor}, load ${load}; Node ${process.versions.node}; ${peer.name}; ${rounds} rounds\n\n${TABLE_HEAD}`,
);
for (const work of works) {
  const input = await inputOf(work);
  const row: Row = { work, input, ...(await measureWork(work, input, { peer, rounds, folder: inputs })) };
  console.log(formatRow(row));
  console.error(formatFiles(row));
  if (!isMet(row)) process.exitCode = 1;
}

function chooseWorks(): Work[] {
  const unknown = values.only.find((id) => !WORKS.some((work) => work.id === id));
  if (unknown !== undefined) throw new Error(`There is no row ${unknown}.\n\n${HELP}`);
  if (values.file.length > 0) {
    return values.file.map((path) => ({
      id: path,
      title: `${basename(path)} → FlatGeobuf`,
      input: { path: resolve(path) },
      output: 'flatgeobuf',
    }));
  }
  return WORKS.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
}

async function inputOf({ input }: Work): Promise<BenchInput> {
  if (typeof input === 'string') return makeInput(input, inputs);
  return { path: input.path, peerPath: input.path, bytes: (await stat(input.path)).size };
}
