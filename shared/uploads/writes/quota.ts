import { all, any, absent, atMost, exists } from '../../jobs/conditions.ts';
import { quotaItemKey } from '../../jobs/items/keys.ts';
import type { Condition, UpdateWrite } from '../../jobs/ports/job-store.ts';
import type { UploadQuotas } from '../platform.ts';
import type { Upload } from '../upload.ts';

type Sized = Pick<Upload, 'tenant' | 'bytes'>;

/**
 * Reserves the bytes of an upload. Stored and reserved bytes are one number, for a condition cannot add two: what is
 * reserved is sure to fit when it is stored. `quotaShortage` has refused already what no empty quota would hold.
 */
export function reserveWrite({ tenant, bytes }: Sized, quotas: UploadQuotas): UpdateWrite {
  const bytesFit = isAtMost('committedBytes', quotas.maxStoredBytes - bytes);
  const flightFits = isAtMost('inFlightBytes', quotas.maxInFlightBytes - bytes);
  const oneMoreFits = isAtMost('openUploads', quotas.maxOpenUploads - 1);
  return {
    kind: 'update',
    key: quotaItemKey(tenant),
    condition: all(bytesFit, flightFits, oneMoreFits),
    add: { committedBytes: bytes, inFlightBytes: bytes, openUploads: 1 },
  };
}

/** Counts a file that nobody announced among those stored. */
export function reserveStoredWrite({ tenant, bytes }: Sized, quotas: UploadQuotas): UpdateWrite {
  const bytesFit = isAtMost('committedBytes', quotas.maxStoredBytes - bytes);
  return { kind: 'update', key: quotaItemKey(tenant), condition: bytesFit, add: { committedBytes: bytes } };
}

/** Moves the bytes of an upload from those in flight to those stored. */
export function keepWrite({ tenant, bytes }: Sized): UpdateWrite {
  return release(tenant, { inFlightBytes: -bytes, openUploads: -1 });
}

/** Gives back what an upload that is not stored had reserved. */
export function giveBackWrite({ tenant, bytes }: Sized): UpdateWrite {
  return release(tenant, { committedBytes: -bytes, inFlightBytes: -bytes, openUploads: -1 });
}

/** Gives back the bytes of a file that was stored. */
export function freeWrite({ tenant, bytes }: Sized): UpdateWrite {
  return release(tenant, { committedBytes: -bytes });
}

/** That it happens once is the condition's work that stands beside it in the transaction: on the row of the upload. */
function release(tenant: string, add: Record<string, number>): UpdateWrite {
  const somethingIsReserved = exists('committedBytes');
  return { kind: 'update', key: quotaItemKey(tenant), condition: somethingIsReserved, add };
}

function isAtMost(attribute: string, value: number): Condition {
  const nothingIsInUse = absent(attribute);
  return any(nothingIsInUse, atMost(attribute, value));
}
