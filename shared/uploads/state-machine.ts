import { UPLOAD_STATES, type UploadState } from './upload.ts';

/**
 * The life of an upload.
 *
 *     open ──complete──▶ completing ──store──▶ stored ──delete──▶ deleted
 *      │  └──────────────── store ──────────────▲
 *      │
 *     open, completing ── reject ──▶ rejected      ── abort ──▶ aborted      ── expire ──▶ expired
 *
 * open        Entered by one transaction that reserves the bytes in the tenant's quota; nothing is signed before it is
 *             durable. Parts are signed and sent. A file that goes up by one PUT is stored from here, for S3 itself
 *             completes it.
 * completing  Every part is there, and the object store was or will be asked to join them. Nothing is signed any more.
 * stored      The object has the announced size and checksum, and the upload is pinned to its version. Its bytes move
 *             from those in flight to those stored in the same transaction. Its first bytes are examined and its job is
 *             started from here, which is no change of state.
 * rejected    What arrived is not what was announced. aborted: its owner gave it up. expired: nobody completed it.
 *             deleted: its owner removed it. Each gives the bytes back in the transaction that enters it, so that no
 *             second one can; the object and the parts are removed after it, and again 20 minutes later, when no signed
 *             address is valid any more. An object that appears later still is removed when its event comes.
 *
 * A dropped file has no life before it is stored: it enters as stored, or as rejected when its tenant's quota is full.
 */
export const UPLOAD_EVENTS = ['complete', 'store', 'reject', 'abort', 'expire', 'delete'] as const;
export type UploadEvent = (typeof UPLOAD_EVENTS)[number];

export interface UploadTransition {
  from: UploadState;
  event: UploadEvent;
  to: UploadState;
}

/** Every legal step; the conditions of the writes take their states from here. */
export const UPLOAD_TRANSITIONS: readonly UploadTransition[] = [
  { from: 'open', event: 'complete', to: 'completing' },
  { from: 'open', event: 'store', to: 'stored' },
  { from: 'open', event: 'reject', to: 'rejected' },
  { from: 'open', event: 'abort', to: 'aborted' },
  { from: 'open', event: 'expire', to: 'expired' },
  { from: 'completing', event: 'store', to: 'stored' },
  { from: 'completing', event: 'reject', to: 'rejected' },
  { from: 'completing', event: 'abort', to: 'aborted' },
  { from: 'completing', event: 'expire', to: 'expired' },
  { from: 'stored', event: 'delete', to: 'deleted' },
];

/** The states in which an event is legal. */
export function uploadStatesThatAllow(event: UploadEvent): UploadState[] {
  return UPLOAD_STATES.filter((state) =>
    UPLOAD_TRANSITIONS.some((step) => step.from === state && step.event === event),
  );
}
