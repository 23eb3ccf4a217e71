import { createHash } from 'node:crypto';
import type { Clock } from '../jobs/ports/clock.ts';
import type {
  SignedBody,
  SignedRequest,
  StoredPart,
  StoredVersion,
  UploadObjects,
} from '../uploads/ports/upload-objects.ts';

/** An object that has appeared, as the bucket's event names it. */
export interface MemoryObjectEvent {
  url: URL;
  versionId: string;
}

interface Version {
  described: StoredVersion;
  content: Uint8Array;
}

interface Multipart {
  href: string;
  contentType: string;
  parts: Map<number, Required<StoredPart> & { content: Uint8Array }>;
}

/** What a signed address stands for. */
interface Grant {
  href: string;
  body: SignedBody;
  contentType: string;
  part?: { multipartId: string; partNumber: number };
  expiresAt: number;
}

/** A versioned bucket in memory, with addresses that are signed for exactly one body. Events wait until they are taken. */
export class MemoryUploadObjects implements UploadObjects {
  readonly #clock: Clock;
  /** Versions by address, the newest last. */
  readonly #versions = new Map<string, Version[]>();
  readonly #multiparts = new Map<string, Multipart>();
  readonly #grants = new Map<string, Grant>();
  #events: MemoryObjectEvent[] = [];
  #made = 0;

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** Addresses of everything that is stored. */
  get places(): string[] {
    return [...this.#versions].flatMap(([href, versions]) => (versions.length > 0 ? [href] : [])).sort();
  }

  /** Ids of the multipart uploads that were neither completed nor aborted. */
  get multiparts(): string[] {
    return [...this.#multiparts.keys()];
  }

  /** The events of objects that have appeared since they were taken last. */
  takeEvents(): MemoryObjectEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** What the holder of a signed address does. @returns the HTTP status that S3 answers */
  send({ url, headers }: SignedRequest, content: Uint8Array): number {
    const grant = this.#grants.get(url.href);
    if (grant === undefined || this.#clock.now() >= grant.expiresAt) return 403;
    const isSigned = headers['content-length'] === String(grant.body.bytes) && content.length === grant.body.bytes;
    if (!isSigned) return 403;
    if (sha256Of(content) !== grant.body.sha256) return 400;
    if (grant.part === undefined) {
      if ((this.#versions.get(grant.href)?.length ?? 0) > 0) return 412;
      this.put(new URL(grant.href), content, grant.contentType);
      return 200;
    }
    const { multipartId, partNumber } = grant.part;
    const multipart = this.#multiparts.get(multipartId);
    if (multipart === undefined) return 404;
    const etag = `"${sha256Of(content).slice(0, 32)}"`;
    const { sha256 } = grant.body;
    multipart.parts.set(partNumber, {
      partNumber,
      bytes: content.length,
      etag,
      sha256,
      content: Uint8Array.from(content),
    });
    return 200;
  }

  /** Puts an object past every signature, as a producer with a role of its own does. @returns its version */
  put(url: URL, content: Uint8Array, contentType = 'application/octet-stream'): string {
    return this.#add(url.href, content, contentType, { sha256: sha256Of(content) });
  }

  async createMultipart(url: URL, contentType: string): Promise<string> {
    const id = `multipart-${++this.#made}`;
    this.#multiparts.set(id, { href: url.href, contentType, parts: new Map() });
    return id;
  }

  async signPut(url: URL, body: SignedBody & { contentType: string }, seconds: number): Promise<SignedRequest> {
    return this.#grant({ href: url.href, body, contentType: body.contentType }, seconds);
  }

  async signPart(
    url: URL,
    multipartId: string,
    { partNumber, ...body }: SignedBody & { partNumber: number },
    seconds: number,
  ): Promise<SignedRequest> {
    return this.#grant({ href: url.href, body, contentType: '', part: { multipartId, partNumber } }, seconds);
  }

  async listParts(
    _url: URL,
    multipartId: string,
    after: number,
  ): Promise<{ parts: StoredPart[]; next?: number } | undefined> {
    const multipart = this.#multiparts.get(multipartId);
    if (multipart === undefined) return undefined;
    const PAGE = 1_000;
    const parts = [...multipart.parts.values()]
      .filter(({ partNumber }) => partNumber > after)
      .sort((a, b) => a.partNumber - b.partNumber)
      .map(({ partNumber, bytes, etag, sha256 }): StoredPart => ({ partNumber, bytes, etag, sha256 }));
    const page = parts.slice(0, PAGE);
    return parts.length > PAGE ? { parts: page, next: page.at(-1)!.partNumber } : { parts: page };
  }

  async completeMultipart(
    url: URL,
    multipartId: string,
    parts: readonly StoredPart[],
  ): Promise<'completed' | 'gone' | 'refused' | 'exists'> {
    const multipart = this.#multiparts.get(multipartId);
    if (multipart === undefined) return 'gone';
    const found = parts.map(({ partNumber }) => multipart.parts.get(partNumber));
    const asNamed = found.every((part, index) => part?.etag === parts[index]?.etag);
    if (!asNamed || parts.length === 0) return 'refused';
    if ((this.#versions.get(url.href)?.length ?? 0) > 0) return 'exists';
    const content = Buffer.concat(found.map((part) => part!.content));
    this.#multiparts.delete(multipartId);
    this.#add(url.href, content, multipart.contentType, {});
    return 'completed';
  }

  async abortMultipart(_url: URL, multipartId: string): Promise<void> {
    this.#multiparts.delete(multipartId);
  }

  async stat(url: URL, versionId?: string): Promise<StoredVersion | undefined> {
    return this.#find(url, versionId)?.described;
  }

  async readStart(url: URL, versionId: string, bytes: number): Promise<Uint8Array | undefined> {
    return this.#find(url, versionId)?.content.slice(0, bytes);
  }

  async deleteVersion(url: URL, versionId: string): Promise<void> {
    const left = (this.#versions.get(url.href) ?? []).filter(({ described }) => described.versionId !== versionId);
    this.#versions.set(url.href, left);
  }

  #find(url: URL, versionId: string | undefined): Version | undefined {
    const versions = this.#versions.get(url.href) ?? [];
    return versionId === undefined
      ? versions.at(-1)
      : versions.find(({ described }) => described.versionId === versionId);
  }

  #add(href: string, content: Uint8Array, contentType: string, checksum: { sha256?: string }): string {
    const SECOND = 1_000;
    const versionId = `version-${++this.#made}`;
    const described: StoredVersion = {
      versionId,
      etag: `"${sha256Of(content).slice(0, 32)}"`,
      bytes: content.length,
      contentType,
      modifiedAt: Math.floor(this.#clock.now() / SECOND) * SECOND,
      ...checksum,
    };
    const version = { described, content: Uint8Array.from(content) };
    this.#versions.set(href, [...(this.#versions.get(href) ?? []), version]);
    this.#events.push({ url: new URL(href), versionId });
    return versionId;
  }

  #grant(grant: Omit<Grant, 'expiresAt'>, seconds: number): SignedRequest {
    const url = new URL(grant.href);
    url.searchParams.set('signature', String(++this.#made));
    this.#grants.set(url.href, { ...grant, expiresAt: this.#clock.now() + seconds * 1_000 });
    return { method: 'PUT', url, headers: { 'content-length': String(grant.body.bytes) } };
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
