import { cancelJob } from '../../shared/jobs/cancel-job.ts';
import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import { handleStreamRecord, type StreamRecord } from '../../shared/jobs/handlers/handle-stream-record.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import type { JobKey } from '../../shared/jobs/job.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import type { OutputUpload, ProcessDefinition } from '../../shared/jobs/process.ts';
import { LOCATIONS, silent } from '../helpers/test-engine.ts';
import { unavailable, type Answer, type Call } from './calls.ts';
import { NOW } from './small-job.ts';

/** What an invocation is started with. */
export type Input =
  | { actor: 'worker'; body: string; receiveCount: number; leaseToken: string }
  | { actor: 'consumer'; record: StreamRecord }
  | { actor: 'sweeper' }
  | { actor: 'canceller'; key: JobKey };
export type Actor = Input['actor'];

/** How far an invocation has come: it waits for the answer to a call, or it is over. */
export type Progress = { waitsFor: Call } | { returned: unknown } | { threw: unknown };

/** Puts something between a handler and its ports: how a bug is seeded. */
export type Tamper = (platform: Platform, actor: Actor) => Platform;

/**
 * Runs a real handler from its beginning with the answers that it has had so far, up to the first call that has none
 * yet. A handler is a deterministic function of them: time stands still, and ids are given.
 */
export async function runInvocation(
  input: Input,
  answers: readonly Answer[],
  process: ProcessDefinition,
  tamper: Tamper,
): Promise<Progress> {
  return new Promise<Progress>((resolve) => {
    let calls = 0;
    const answer = (call: Call): Promise<never> => {
      const given = answers[calls++];
      if (given === undefined) {
        resolve({ waitsFor: call });
        return new Promise(() => undefined);
      }
      return given === 'unavailable' ? Promise.reject(unavailable(call)) : Promise.resolve(given.value as never);
    };
    const leaseToken = input.actor === 'worker' ? input.leaseToken : 'none';
    const platform = tamper(platformOver(portsOf(answer), process, leaseToken), input.actor);
    invoke(platform, process, input).then(
      (returned) => resolve({ returned }),
      (error: unknown) => resolve({ threw: error }),
    );
  });
}

function invoke(platform: Platform, process: ProcessDefinition, input: Input): Promise<unknown> {
  switch (input.actor) {
    case 'worker': {
      const { body, receiveCount } = input;
      return handleMessage(platform, process, { body, receiveCount, signal: new AbortController().signal });
    }
    case 'consumer':
      return handleStreamRecord(platform, input.record);
    case 'sweeper':
      return sweep(platform);
    case 'canceller':
      return cancelJob(platform, input.key, 'user:ann');
  }
}

/** The platform of the small job: time stands still. @param id the only id that is given out */
export function platformOver(ports: Ports, process: ProcessDefinition, id: string): Platform {
  return {
    ...ports,
    sourcesOf: () => ({ open: () => Promise.reject(new Error('no sources here')) }),
    clock: { now: () => NOW, sleep: sleepUntilStopped },
    identifiers: { next: () => id },
    random: () => 0.5,
    logger: silent,
    processes: new Map([[process.id, process]]),
    locations: LOCATIONS,
    limits: () => ({ maxUnits: 1e12, maxOutputBytes: 1e15 }),
    retentionDays: 30,
  };
}

type Ports = Pick<Platform, 'store' | 'queue' | 'objects'>;

/** Ports that make each call a question. Parts of an upload are kept until it is completed: nobody sees them before. */
function portsOf(answer: (call: Call) => Promise<never>): Ports {
  const createUpload = (url: URL, mediaType: string): OutputUpload => {
    const parts: [number, Uint8Array][] = [];
    return {
      url,
      putPart: async (number, bytes) => void parts.push([number, bytes]),
      complete: () => answer({ port: 'objects', operation: 'upload', parameters: [url, mediaType, parts] }),
      abort: async () => undefined,
    };
  };
  return {
    store: {
      read: (...parameters) => answer({ port: 'store', operation: 'read', parameters }),
      list: (...parameters) => answer({ port: 'store', operation: 'list', parameters }),
      listDue: (...parameters) => answer({ port: 'store', operation: 'listDue', parameters }),
      write: (...parameters) => answer({ port: 'store', operation: 'write', parameters }),
      transact: (...parameters) => answer({ port: 'store', operation: 'transact', parameters }),
    },
    queue: {
      send: (...parameters) => answer({ port: 'queue', operation: 'send', parameters }),
      sendToDeadLetters: (...parameters) => answer({ port: 'queue', operation: 'sendToDeadLetters', parameters }),
      depth: (...parameters) => answer({ port: 'queue', operation: 'depth', parameters }),
    },
    objects: {
      putIfAbsent: (...parameters) => answer({ port: 'objects', operation: 'putIfAbsent', parameters }),
      get: (...parameters) => answer({ port: 'objects', operation: 'get', parameters }),
      getRange: (...parameters) => answer({ port: 'objects', operation: 'getRange', parameters }),
      list: (...parameters) => answer({ port: 'objects', operation: 'list', parameters }),
      delete: (...parameters) => answer({ port: 'objects', operation: 'delete', parameters }),
      createUpload: async (url, mediaType) => createUpload(url, mediaType),
    },
  };
}

/** The look for a cancellation never comes in time: a worker that stops early does no more than one that crashes. */
function sleepUntilStopped(_milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
