import fc from 'fast-check';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { isTerminal } from '../../../shared/jobs/job.ts';
import type { SubmitOutcome } from '../../../shared/jobs/submit-job.ts';
import { FAULTS_IN_PAIRS } from '../core/faults.ts';
import { MINUTE, PROCESS_IDS, SECOND } from '../core/world.ts';
import { KINDS, type Cause, type Kind, type Model, type ModelJob, type Request } from './model-prediction.ts';
import type { Disturbance, System } from './model-system.ts';

/** Jobs of one run: with more, the later ones would only wait. */
const MAX_JOBS = 5;
/** The calls of an invocation that may go wrong; few make more. */
const MAX_CALL = 12;
const TENANTS = ['acme', 'bolt'] as const;

export type ModelCommand = fc.AsyncCommand<Model, System>;
/** How often each command was run, and each answer given. */
export type Tally = Map<string, number>;

export class Mismatch extends Error {}

/** What all commands have in common: they are counted, and every change that they caused is held against the model. */
function command(
  tally: Tally,
  name: string,
  details: object,
  cause: Cause,
  act: (model: Model, system: System) => Promise<string | undefined>,
  check: (model: Readonly<Model>) => boolean = () => true,
): ModelCommand {
  return {
    check,
    async run(model, system) {
      const { changes } = system.world.observation;
      const seen = changes.length;
      const wrong = await act(model, system);
      tally.set(name, (tally.get(name) ?? 0) + 1);
      if (wrong !== undefined) throw new Mismatch(`${name}: ${wrong}`);
      for (const { before, after } of changes.slice(seen)) {
        const job = model.jobs.find(({ jobId }) => jobId === after.jobId);
        if (before === undefined || job === undefined) continue;
        if (!model.mayMove(cause, before.state, after.state)) {
          throw new Mismatch(`${name} moved ${after.jobId} from ${before.state} to ${after.state}`);
        }
        job.state = after.state;
      }
    },
    toString: () => `${name}(${JSON.stringify(details)})`,
  };
}

const pick = (model: Model, index: number): ModelJob => model.jobs[index % model.jobs.length]!;
const hasJobs = ({ jobs }: Readonly<Model>): boolean => jobs.length > 0;
const hasRoom = ({ jobs }: Readonly<Model>): boolean => jobs.length < MAX_JOBS;

/** Holds the answer to a request against the prediction, and keeps a new job. */
function answered(
  model: Model,
  system: System,
  request: Request,
  {
    expected,
    answer,
    isDisturbed,
  }: { expected: ModelJob | string; answer: SubmitOutcome | string; isDisturbed: boolean },
): string | undefined {
  if (typeof answer === 'string') return answer === expected ? undefined : `answered ${answer}`;
  const { job, outcome } = answer;
  if (typeof expected !== 'string') {
    if (job.jobId !== expected.jobId || outcome !== 'existing') return `gave ${outcome} ${job.jobId}`;
  } else if (expected !== 'new' || model.jobs.some(({ jobId }) => jobId === job.jobId)) {
    return `gave ${job.jobId}, not ${expected}`;
  } else {
    if (outcome !== 'accepted' && !isDisturbed) return `a new job is ${outcome}`;
    const limit = model.limits.get(request.tenant) ?? Infinity;
    const { jobId, createdAt: acceptedAt } = job;
    model.jobs.push({ ...request, jobId, acceptedAt, state: 'accepted', limits: { least: limit, most: limit } });
    if (job.processVersion !== `1.${model.release}.0`) return `has the version ${job.processVersion}`;
  }
  const known = model.jobs.find(({ jobId }) => jobId === job.jobId)!;
  if (job.state !== known.state && outcome === 'existing' && !isDisturbed) return `says ${job.state}`;
  const { tenant, processId } = request;
  // A key is free again a day after its job was accepted.
  const key = `${request.key ?? JSON.stringify(request)} of ${known.acceptedAt}`;
  system.world.observation.submissions.push({ tenant, jobId: job.jobId, processId, key });
  return undefined;
}

/** Every command, each as a choice of its details. */
export function modelCommands(tally: Tally): fc.Arbitrary<ModelCommand>[] {
  const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
  const index = fc.nat({ max: MAX_JOBS - 1 });
  const kind = fc.constantFrom(...(Object.keys(KINDS) as Kind[]));
  const processId = fc.constantFrom(...PROCESS_IDS);
  const tenant = fc.constantFrom(...TENANTS);
  const call = fc.integer({ min: 1, max: MAX_CALL });
  const fault = fc.record({ call, how: fc.constantFrom(...FAULTS_IN_PAIRS) });
  const hitch = fc.option(fault, { nil: undefined, freq: 2 });
  const hold = fc.record({ call, how: fc.constant('hold' as const) });

  const ask = async (model: Model, system: System, request: Request, disturbance: Disturbance | undefined) => {
    const now = system.world.clock.now();
    const source = model.jobs.find(({ jobId }) => jobId === request.retryOf);
    const expected = source === undefined ? model.submitted(request, now) : model.retried(source, request, now);
    let answer: SubmitOutcome | string = '';
    const isDisturbed = await system.disturbed(disturbance, async () => {
      answer = await (source === undefined ? system.submit(request) : system.retry(request));
    });
    count(`→ ${typeof expected === 'string' ? expected : 'existing'}`);
    return answered(model, system, request, { expected, answer, isDisturbed });
  };
  /** One function of the system is run, perhaps with something going wrong in it. */
  const step = (name: string, cause: Cause, act: (system: System) => Promise<void>) =>
    hitch.map((disturbance) =>
      command(tally, name, { disturbance }, cause, async (_, system) => {
        await system.disturbed(disturbance, () => act(system));
        return undefined;
      }),
    );

  const work = fc
    .record({ processId, others: fc.nat({ max: 2 }), disturbance: fc.oneof(hitch, hold) })
    .map(({ processId: id, others, disturbance }) =>
      command(tally, 'deliver', { id, others, disturbance }, 'work', async (_, system) => {
        await system.disturbed(disturbance, () => system.work(id, others));
        return undefined;
      }),
    );
  const progress = fc.integer({ min: 1, max: 20 }).map((steps) =>
    command(tally, 'progress', { steps }, 'any', async (_, system) => {
      await system.progress(steps);
      return undefined;
    }),
  );
  const follow = step('follow', 'follow', (system) => system.follow('once'));

  return [
    fc.record({ tenant, processId, kind, hasKey: fc.boolean(), disturbance: hitch }).map((details) =>
      command(
        tally,
        'submit',
        details,
        'nothing',
        (model, system) => {
          const { disturbance, hasKey, ...rest } = details;
          return ask(model, system, { ...rest, key: hasKey ? `key-${model.jobs.length}` : undefined }, disturbance);
        },
        hasRoom,
      ),
    ),
    fc.record({ index, disturbance: hitch }).map((details) =>
      command(
        tally,
        'resubmit',
        details,
        'nothing',
        (model, system) => {
          const { tenant, processId, kind, key, retryOf } = pick(model, details.index);
          const request = { tenant, processId, kind, key, ...(retryOf !== undefined && { retryOf }) };
          return ask(model, system, request, details.disturbance);
        },
        (model) => hasJobs(model) && hasRoom(model),
      ),
    ),
    fc.record({ index, kind, disturbance: hitch }).map((details) =>
      command(
        tally,
        'resubmit-with-inputs',
        details,
        'nothing',
        (model, system) => {
          const { tenant, processId, key } = pick(model, details.index);
          return ask(model, system, { tenant, processId, key, kind: details.kind }, details.disturbance);
        },
        (model) => hasJobs(model) && hasRoom(model),
      ),
    ),
    fc
      .record({ index, key: fc.constantFrom(undefined, 'key-0', 'key-1', 'again'), disturbance: hitch })
      .map((details) =>
        command(
          tally,
          'retry',
          details,
          'nothing',
          (model, system) => {
            const { tenant, processId, kind, jobId } = pick(model, details.index);
            const request = { tenant, processId, kind, key: details.key, retryOf: jobId };
            return ask(model, system, request, details.disturbance);
          },
          (model) => hasJobs(model) && hasRoom(model),
        ),
      ),
    fc.record({ index, disturbance: hitch }).map((details) =>
      command(
        tally,
        'cancel',
        details,
        'cancel',
        async (model, system) => {
          const job = pick(model, details.index);
          const wasTerminal = isTerminal(job.state);
          let answer: Awaited<ReturnType<typeof cancelJob>>;
          const isDisturbed = await system.disturbed(details.disturbance, async () => {
            answer = await system.world.call(job.tenant, (platform) => cancelJob(platform, job, 'user:ann'));
          });
          if (answer === undefined) return 'found no job';
          system.world.observation.cancellations.push(answer);
          count(`→ ${answer.outcome}`);
          if (answer.job.state !== (wasTerminal ? job.state : 'cancelled')) return `says ${answer.job.state}`;
          const isRight = answer.outcome === (wasTerminal ? 'already-terminal' : 'cancelled');
          return isRight || (isDisturbed && !wasTerminal) ? undefined : `answered ${answer.outcome}`;
        },
        hasJobs,
      ),
    ),
    work,
    work,
    work,
    processId.map((id) =>
      command(tally, 'deliver-twice', { id }, 'work', async (_, system) => {
        await system.workUnacknowledged(id);
        return undefined;
      }),
    ),
    follow,
    follow,
    follow,
    progress,
    progress,
    progress,
    step('follow-again', 'follow', (system) => system.follow('again')),
    step('bury', 'bury', (system) => system.bury()),
    step('tell', 'nothing', (system) => system.tell()),
    step('sweep', 'sweep', (system) => system.world.sweep()),
    fc.constant(
      command(tally, 'resume', {}, 'work', async (_, system) => {
        await system.resume();
        return undefined;
      }),
    ),
    fc.constant(
      command(tally, 'land', {}, 'work', async (_, system) => {
        await system.world.ports.land();
        return undefined;
      }),
    ),
    fc.constant(
      command(tally, 'expire', {}, 'nothing', async (_, system) => {
        system.expireVisibility();
        return undefined;
      }),
    ),
    fc
      .constantFrom(SECOND, 31 * SECOND, MINUTE + 1, 6 * MINUTE, 31 * MINUTE, 61 * MINUTE, 24 * 60 * MINUTE)
      .map((milliseconds) =>
        command(tally, 'tick', { milliseconds }, 'nothing', async (_, system) => {
          await system.pass(milliseconds);
          return undefined;
        }),
      ),
    fc.record({ tenant, limit: fc.constantFrom(1, Infinity) }).map(({ tenant: who, limit }) =>
      command(tally, 'limit', { who, limit }, 'nothing', async (model, system) => {
        system.limits.set(who, limit);
        model.limits.set(who, limit);
        for (const { tenant: owner, limits } of model.jobs) {
          if (owner !== who) continue;
          limits.least = Math.min(limits.least, limit);
          limits.most = Math.max(limits.most, limit);
        }
        return undefined;
      }),
    ),
    fc.boolean().map((fails) =>
      command(tally, 'upstream', { fails }, 'nothing', async (_, system) => {
        system.upstreamFails = fails;
        return undefined;
      }),
    ),
    fc.constant(
      command(tally, 'redeploy', {}, 'nothing', async (model, system) => {
        model.release++;
        system.redeploy(`1.${model.release}.0`);
        return undefined;
      }),
    ),
    processId.map((id) =>
      command(tally, 'purge', { id }, 'nothing', async (_, system) => {
        await system.world.purge(id);
        return undefined;
      }),
    ),
  ];
}
