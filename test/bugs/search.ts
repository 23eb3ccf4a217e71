import { Worker } from 'node:worker_threads';
import type { Finding, Search } from './find-violation.ts';

/** A tier that has not ended after so long goes round for ever: with a bug in it, most end within two seconds. */
const LIMIT_MILLISECONDS = 40_000;

/** Runs the bundle of a tier in a thread of its own. @throws Error when it does not end, or breaks down */
export async function search(bundle: string, wanted: Search): Promise<Finding> {
  const worker = new Worker(bundle, { workerData: wanted, execArgv: [], stdout: true, stderr: true });
  const ended = Promise.withResolvers<Finding>();
  const limit = setTimeout(() => {
    ended.reject(new Error(`A tier has not ended after ${LIMIT_MILLISECONDS / 1000} s.`));
  }, LIMIT_MILLISECONDS);
  worker.once('message', ended.resolve);
  worker.once('error', ended.reject);
  // A thread that ends well and has not answered waits for what nothing is left to bring about.
  worker.once('exit', (code) => {
    const violations = [{ path: wanted.where, breach: 'waits for ever' }];
    if (code === 0) ended.resolve({ cases: 0, violations });
    else ended.reject(new Error(`A tier ended with code ${code}, and without an answer.`));
  });
  try {
    return await ended.promise;
  } finally {
    clearTimeout(limit);
    await worker.terminate();
  }
}
