import { createHash } from 'node:crypto';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { MAX_SINGLE_PUT_BYTES } from '../../shared/uploads/limits.ts';
import type { ApiClient } from '../api/api-client.ts';
import { parseAnswer } from '../api/parse-answer.ts';
import type { CliContext } from '../context.ts';
import { partNotSent, uploadUnfinished } from '../errors.ts';
import type { ByteProgress } from '../output/byte-progress.ts';
import { sha256Of, type LocalFile } from './local-file.ts';
import { uploadPath, uploadSchema, type SignedHref, type UploadStatus } from './upload-status.ts';

const SECOND = 1_000;

/** One part: at 10 Mbit/s 500 MB take seven minutes. An address lives for 15. */
const PART_TIMEOUT = 900 * SECOND;
/** Tries of one part; each asks for an address of its own. */
const PART_TRIES = 6;
/** Asked so often to complete; S3 may take minutes to join 10,000 parts. */
const COMPLETE_TRIES = 30;
const LONGEST_WAIT = 30 * SECOND;
/** What a file is told by, besides its name, size and time: its beginning. */
const FINGERPRINT_BYTES = 1024 * 1024;
/** Uploads of the same file that have ended without being stored, one after another. */
const MAX_GENERATIONS = 20;
/** Answers that no other try changes: what was sent is not what was announced. */
const BAD_REQUEST = 400;
/** The object is there already: the answer to an earlier try was lost. */
const PRECONDITION_FAILED = 412;

export interface SendOptions {
  contentType: string;
  partBytes?: number;
  /** Parts that are sent at once. */
  parallel: number;
  /** An upload of its own, whatever was begun before. */
  isNew: boolean;
  job?: { process: string; inputs: Record<string, unknown> };
}

/** An upload, and how to be given addresses for it once more. */
interface Opened {
  upload: UploadStatus;
  openAgain: () => Promise<UploadStatus>;
}

/** Sends files; what was begun before is gone on with. */
export class FileSender {
  readonly #context: CliContext;
  readonly #client: ApiClient;
  readonly #progress: ByteProgress;

  constructor(context: CliContext, client: ApiClient, progress: ByteProgress) {
    this.#context = context;
    this.#client = client;
    this.#progress = progress;
  }

  /**
   * Sends a file, or what is missing of it: the same file with the same options has the same key, which gives the same
   * upload for a day. Nothing is kept on this machine.
   * @throws ApiError; LonghaulError `part-not-sent`, `upload-unfinished`
   */
  async send(file: LocalFile, options: SendOptions): Promise<UploadStatus> {
    const { upload: opened, openAgain } = await this.#open(file, options);
    if (opened.state === 'stored') return opened;
    if (opened.state === 'open') {
      if (opened.partBytes === undefined) await this.#sendWhole(file, opened, openAgain);
      else await this.#sendParts(file, { ...opened, partBytes: opened.partBytes }, options.parallel);
    }
    return this.#complete(opened);
  }

  /** Opens an upload, or finds the one that the same key gave; one that has ended without a file makes way for another. */
  async #open(file: LocalFile, options: SendOptions): Promise<Opened> {
    const { contentType, partBytes, job } = options;
    const isParted = partBytes !== undefined || file.bytes > MAX_SINGLE_PUT_BYTES;
    const body = {
      fileName: file.name,
      contentType,
      bytes: file.bytes,
      ...(partBytes === undefined ? {} : { partBytes }),
      ...(isParted ? {} : { sha256: await sha256Of(file.slice(0, file.bytes)) }),
      ...job,
    };
    const beginning = await sha256Of(file.slice(0, FINGERPRINT_BYTES));
    const { identifiers, clock } = this.#context;
    const own = options.isNew ? identifiers.next(clock.now()) : '';
    let before = '';
    for (let generation = 0; generation < MAX_GENERATIONS; generation++) {
      const key = hashOf(JSON.stringify(body), file.modifiedAt, beginning, own, before);
      const headers = { 'idempotency-key': key };
      const openAgain = (): Promise<UploadStatus> => this.#ask({ method: 'POST', path: 'uploads', headers, body });
      const upload = await openAgain();
      if (['open', 'completing', 'stored'].includes(upload.state)) return { upload, openAgain };
      before = upload.uploadID;
    }
    throw uploadUnfinished(before, 'the same file was given up again and again');
  }

  async #sendWhole(file: LocalFile, upload: UploadStatus, openAgain: Opened['openAgain']): Promise<void> {
    this.#progress.begin(file.bytes, 0);
    let unused = upload.requests?.[0];
    const sign = async (): Promise<SignedHref | undefined> => {
      const request = unused ?? (await openAgain()).requests?.[0];
      unused = undefined;
      return request;
    };
    await this.#put(file.slice(0, file.bytes), 1, sign);
    this.#progress.add(file.bytes);
  }

  async #sendParts(file: LocalFile, upload: UploadStatus & { partBytes: number }, parallel: number): Promise<void> {
    const { uploaded = [] } = await this.#ask({ path: uploadPath(upload.uploadID) });
    const arrived = new Map(uploaded.map((part) => [part.partNumber, part]));
    const count = Math.ceil(file.bytes / upload.partBytes);
    this.#progress.begin(file.bytes, 0);
    let next = 1;
    const work = async (): Promise<void> => {
      while (next <= count) {
        const partNumber = next++;
        const end = Math.min(partNumber * upload.partBytes, file.bytes);
        const piece = file.slice((partNumber - 1) * upload.partBytes, end);
        const sha256 = await sha256Of(piece);
        // What has arrived of another file of this name and time is sent again.
        if (arrived.get(partNumber)?.sha256 !== sha256) await this.#sendPart(upload, piece, { partNumber, sha256 });
        this.#progress.add(piece.size);
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, count) }, work));
  }

  async #sendPart(upload: UploadStatus, piece: Blob, part: { partNumber: number; sha256: string }): Promise<void> {
    const path = uploadPath(upload.uploadID, '/parts');
    await this.#put(piece, part.partNumber, async () => {
      const { requests = [] } = await this.#ask({ method: 'POST', path, body: { parts: [part] } });
      return requests[0];
    });
  }

  /** Sends a piece by an address that is signed for it; a try that fails asks for another one. */
  async #put(piece: Blob, partNumber: number, sign: () => Promise<SignedHref | undefined>): Promise<void> {
    const { signal, clock } = this.#context;
    let reason: unknown = 'no address was signed';
    for (let attempt = 1; attempt <= PART_TRIES; attempt++) {
      signal.throwIfAborted();
      try {
        const request = await sign();
        if (request === undefined) break;
        const status = await this.#sendOnce(request, piece);
        if (status < 300 || status === PRECONDITION_FAILED) return;
        reason = `the object store answers ${status}`;
        if (status === BAD_REQUEST) break;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof LonghaulError && !error.retryable) throw error;
        reason = error;
      }
      await clock.sleep(Math.min(SECOND * 2 ** (attempt - 1), LONGEST_WAIT), signal);
    }
    throw partNotSent(partNumber, reason);
  }

  async #sendOnce({ href, headers }: SignedHref, piece: Blob): Promise<number> {
    // The length is made from the body.
    const sent = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
    const response = await this.#context.fetch(href, {
      method: 'PUT',
      headers: sent,
      body: piece,
      redirect: 'manual',
      signal: AbortSignal.any([this.#context.signal, AbortSignal.timeout(PART_TIMEOUT)]),
    });
    await response.body?.cancel();
    return response.status;
  }

  /** Asks until the file is there: joining many parts takes longer than one request may. */
  async #complete({ uploadID }: UploadStatus): Promise<UploadStatus> {
    const { clock, signal } = this.#context;
    for (let attempt = 1; attempt <= COMPLETE_TRIES; attempt++) {
      try {
        return await this.#ask({ method: 'POST', path: uploadPath(uploadID, '/complete'), body: {} });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof LonghaulError) || !error.retryable) throw error;
        await clock.sleep(Math.min(SECOND * 2 ** (attempt - 1), LONGEST_WAIT), signal);
      }
    }
    throw uploadUnfinished(uploadID, 'its parts are not joined yet');
  }

  async #ask(request: Parameters<ApiClient['ask']>[0]): Promise<UploadStatus> {
    const { json } = await this.#client.ask(request);
    return parseAnswer(uploadSchema, json, request.path);
  }
}

const hashOf = (...values: (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('hex');
