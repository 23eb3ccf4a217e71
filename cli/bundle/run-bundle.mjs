import { createRequire } from 'node:module';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { getHeapCodeStatistics } from 'node:v8';
import { constants, Script } from 'node:vm';

/** V8 drops what it compiled of functions that were not called for some collections. */
const FORGOTTEN_MILLISECONDS = 2000;

/** What is kept is replaced when a run has compiled a fifth more, as the first one of another format does. */
const WORTH_KEEPING = 1.2;

/**
 * Runs a bundle with what V8 has compiled in an earlier run of the same command, which it keeps beside it. (Node's own compile
 * cache keeps what is compiled of a module before it runs, and that is none of its functions.)
 * @param {string} file made by `buildBundle`
 * @param {readonly string[]} args of the command line
 */
export function runBundle(file, args) {
  const url = pathToFileURL(file).href;
  const cache = path.join(path.dirname(file), `${commandOf(args)}.compiled`);
  const cachedData = readIfThere(cache);
  const script = new Script(readFileSync(file, 'utf8'), {
    filename: url,
    ...(cachedData !== undefined && { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const found = cachedData === undefined || script.cachedDataRejected ? 0 : compiledBytes();
  const keep = () => {
    clearTimeout(timer);
    process.off('exit', keepUnlessFailed);
    if (compiledBytes() > WORTH_KEEPING * found) writeWhole(cache, script.createCachedData());
  };
  // A command that was not understood or stopped early has compiled little, and its name may be none.
  const keepUnlessFailed = (code) => {
    if (code === 0) keep();
  };
  const timer = setTimeout(keep, FORGOTTEN_MILLISECONDS).unref();
  process.on('exit', keepUnlessFailed);
  script.runInThisContext()(createRequire(url), url);
}

/** The words that say which part of the program runs. */
function commandOf([command = '', process = '']) {
  const words = command === 'run' ? [command, process] : [command];
  return words.map((word) => word.replace(/^-+|[^a-z-]/g, '')).join('-');
}

const compiledBytes = () => getHeapCodeStatistics().bytecode_and_metadata_size;

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** A disk that cannot be written keeps nothing: the next run compiles again. */
function writeWhole(file, bytes) {
  const unfinished = `${file}.${process.pid}`;
  try {
    writeFileSync(unfinished, bytes);
    renameSync(unfinished, file);
  } catch {
    rmSync(unfinished, { force: true });
  }
}
