import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pythonWith } from '../peers/python-with.ts';
import type { Work } from './works.ts';

const run = promisify(execFile);

/** A program that does the same work. */
export interface Peer {
  /** With its version. */
  name: string;
  /** The command that turns `source` into `target`. */
  command: (work: Work, source: string, target: string) => [program: string, ...options: string[]];
}

const PYOGRIO = ['pyogrio==0.13.0', 'pyarrow==26.0.1', 'numpy==2.4.6'];
const CONVERT = new URL('convert.py', import.meta.url).pathname;
const DRIVERS = { flatgeobuf: 'FlatGeobuf', geoparquet: 'Parquet', 'geojson-seq': 'GeoJSONSeq' } as const;

/** `ogr2ogr` where it is there with all drivers that are needed, otherwise pyogrio, installed once. */
export async function findPeer(folder: URL): Promise<Peer> {
  return (await findOgr2ogr()) ?? findPyogrio(new URL('venv-pyogrio/', folder));
}

async function findOgr2ogr(): Promise<Peer | undefined> {
  const answers = await Promise.all([run('ogr2ogr', ['--version']), run('ogr2ogr', ['--formats'])]).catch(
    () => undefined,
  );
  if (answers === undefined || !answers[1].stdout.includes('Parquet')) return undefined;
  return {
    name: `ogr2ogr (${answers[0].stdout.trim()})`,
    command: ({ output, peerOptions = [], crs }, source, target) => {
      const open = peerOptions.flatMap((option) => ['-oo', option]);
      const assigned = crs === undefined ? [] : ['-a_srs', crs];
      const layer = output === 'geoparquet' ? ['-lco', 'COMPRESSION=ZSTD'] : [];
      return ['ogr2ogr', '-f', DRIVERS[output], ...open, ...assigned, ...layer, target, source];
    },
  };
}

async function findPyogrio(environment: URL): Promise<Peer> {
  const python = await pythonWith({ environment, requirements: PYOGRIO });
  const version = 'import pyogrio; print(pyogrio.__version__, ".".join(map(str, pyogrio.__gdal_version__)))';
  const [pyogrio, gdal] = (await run(python, ['-c', version])).stdout.trim().split(' ');
  return {
    name: `pyogrio ${pyogrio} (GDAL ${gdal})`,
    command: ({ peerOptions = [] }, source, target) => [python, CONVERT, source, target, ...peerOptions],
  };
}
