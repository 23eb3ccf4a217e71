import { JOB_PREFIX } from '../../shared/jobs/items/keys.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import { canonical, canonicalCall, Interner, type Answer, type Call } from './calls.ts';
import { NotYetKnown } from './knowledge.ts';
import { runInvocation, type Input, type Progress, type Tamper } from './invocation.ts';

/** Where an invocation stands: what it waits for, and every history that led here. */
export interface Point {
  number: number;
  input: Input;
  /** Calls of the table and the queue that were answered. */
  calls: number;
  /** Calls of the object store that were answered since the last of those. */
  objectCalls: number;
  progress: Progress;
  /** Number of the call that it waits for. */
  waitsFor: number | undefined;
  /** Histories that were taken for one: they have asked for the same so far. */
  runs: Run[];
  /** Answers that one of the histories has, each in its place. */
  given: Set<string>;
  /** By the number of the answer. */
  next: Map<number, Point>;
}

/** Histories of one point that are run again with each answer; one that has no new answer in its place adds nothing. */
const MAX_HISTORIES = 16;

interface Run {
  input: Input;
  answers: readonly number[];
}

/**
 * The handlers as a graph: a point is what an invocation waits for, an edge is an answer. It is grown by running the
 * real handlers, once for each history of answers.
 *
 * Histories of a worker or consumer that wait for the same call after as many calls, of the same message, are one
 * point: what they have read before (such as how old the row was) no longer plays a part. That is not believed but
 * checked: each answer is given to all of them, and they must ask for the same again. Histories of the sweeper, which
 * decides long after it has read, are never joined.
 */
export class Programs {
  readonly calls = new Interner<Call>();
  readonly answers = new Interner<Answer>();
  runs = 0;
  readonly #points: Point[] = [];
  readonly #byKey = new Map<string, Point>();
  readonly #starts = new Map<string, Point>();
  readonly #process: ProcessDefinition;
  readonly #tamper: Tamper;

  constructor(process: ProcessDefinition, tamper: Tamper) {
    this.#process = process;
    this.#tamper = tamper;
  }

  point(number: number): Point {
    return this.#points[number]!;
  }

  start(input: Input): Point {
    const key = canonical(input);
    const known = this.#starts.get(key);
    if (known !== undefined) return known;
    throw new NotYetKnown(async () => void this.#starts.set(key, await this.#arrive({ input, answers: [] }, 0, 0)));
  }

  advance(point: Point, answer: number): Point {
    const known = point.next.get(answer);
    if (known !== undefined) return known;
    throw new NotYetKnown(() => this.#learn(point, answer));
  }

  async #learn(point: Point, answer: number): Promise<void> {
    for (const run of point.runs) {
      const reached = await this.#goOn(point, run, answer);
      const others = point.next.get(answer) ?? reached;
      if (reached !== others) throw wentApart(point, others, reached);
      point.next.set(answer, reached);
    }
  }

  #goOn(point: Point, run: Run, answer: number): Promise<Point> {
    const call = this.calls.value(point.waitsFor!);
    const longer = { input: run.input, answers: [...run.answers, answer] };
    return call.port === 'objects'
      ? this.#arrive(longer, point.calls, point.objectCalls + 1)
      : this.#arrive(longer, point.calls + 1, 0);
  }

  async #arrive(run: Run, calls: number, objectCalls: number): Promise<Point> {
    this.runs++;
    const answers = run.answers.map((number) => this.answers.value(number));
    const progress = await runInvocation(run.input, answers, this.#process, this.#tamper);
    const waitsFor =
      'waitsFor' in progress ? this.calls.number(progress.waitsFor, canonicalCall(progress.waitsFor)) : undefined;
    const place = run.answers.length === 0 ? `of ${canonical(run.input)}` : `after ${calls}`;
    // The same object may be read twice in a row, by one who has read another before and by one who has not.
    const isObjectCall = 'waitsFor' in progress && progress.waitsFor.port === 'objects';
    const ahead = run.input.actor === 'sweeper' ? await this.#lookAhead(run.input, answers, progress) : '';
    const key = `${joinedBy(run)} ${place} ${isObjectCall ? objectCalls : ''} ${waitsFor ?? ending(progress)} ${ahead}`;
    let point = this.#byKey.get(key);
    if (point === undefined) {
      const number = this.#points.length;
      point = {
        number,
        input: run.input,
        calls,
        objectCalls,
        progress,
        waitsFor,
        runs: [],
        given: new Set(),
        next: new Map(),
      };
      this.#points.push(point);
      this.#byKey.set(key, point);
    }
    await this.#join(point, run);
    return point;
  }

  /** What an invocation would ask for next if from now on it found nothing but its row, and everything were accepted. */
  async #lookAhead(input: Input, answers: readonly Answer[], progress: Progress): Promise<string> {
    let asked = '';
    let ahead = [...answers];
    for (let now = progress; 'waitsFor' in now;) {
      ahead = [...ahead, expected(now.waitsFor, answers)];
      now = await runInvocation(input, ahead, this.#process, this.#tamper);
      if ('waitsFor' in now) asked += `${this.calls.number(now.waitsFor, canonicalCall(now.waitsFor))} `;
    }
    return asked;
  }

  /** A history that comes to a point later must do what those before it did with every answer that they had. */
  async #join(point: Point, run: Run): Promise<void> {
    if (point.runs.length >= MAX_HISTORIES || !isNews(point, run)) return;
    point.runs.push(run);
    for (const [answer, others] of [...point.next]) {
      const reached = await this.#goOn(point, run, answer);
      if (reached !== others) throw wentApart(point, others, reached);
    }
  }
}

/** True when one of these answers, in its place, is in no history of the point. */
function isNews({ given }: Point, { input, answers }: Run): boolean {
  const before = given.size;
  for (const [place, answer] of [canonical(input), ...answers].entries()) given.add(`${place} ${answer}`);
  return given.size > before;
}

function joinedBy({ input, answers }: Run): string {
  switch (input.actor) {
    case 'worker':
      return `worker ${input.leaseToken} ${input.body}`;
    case 'consumer':
      return `consumer ${canonical(input.record)}`;
    case 'sweeper':
      return 'sweeper';
    case 'canceller':
      return `canceller ${answers.join()}`;
  }
}

/** The answer of a world that accepts everything and is empty, but for a row that is as it was when it was read. */
function expected(call: Call, answers: readonly Answer[]): Answer {
  switch (call.operation) {
    case 'read':
      return (call.parameters[0].sk.startsWith(JOB_PREFIX) ? answers.find(isRow) : undefined) ?? { value: undefined };
    case 'write':
      return { value: { accepted: true, item: undefined } };
    case 'transact':
      return { value: { accepted: true } };
    case 'list':
      return { value: { items: [] } };
    case 'listDue':
    case 'send':
      return { value: [] };
    case 'depth':
      return { value: 0 };
    default:
      return { value: undefined };
  }
}

function isRow(answer: Answer): boolean {
  return answer !== 'unavailable' && Object.hasOwn(Object(answer.value) as object, 'processId');
}

function ending(progress: Progress): string {
  return 'threw' in progress ? `threw ${String(progress.threw)}` : 'returned';
}

function wentApart(point: Point, one: Point, other: Point): Error {
  const from = canonical(point.progress);
  return new Error(
    `two histories that were taken for one went apart after ${from}: ` +
      `${canonical(one.progress)} and ${canonical(other.progress)}`,
  );
}
