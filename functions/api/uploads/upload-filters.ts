import type { UploadFilter } from '../../../shared/uploads/list-uploads.ts';
import { UPLOAD_STATES } from '../../../shared/uploads/upload.ts';
import { invalidParameter } from '../errors.ts';
import { readList } from '../query.ts';
import { readInterval } from '../routes/datetime.ts';

/** Query parameters of the list of uploads. */
export const UPLOAD_FILTERS = ['state', 'process', 'datetime'] as const;
type FilterName = (typeof UPLOAD_FILTERS)[number];

const MAX_WORD_CHARACTERS = 128;

/** @throws LonghaulError `parameter-invalid` */
export function readUploadFilters(query: Partial<Record<FilterName, string>>): Omit<UploadFilter, 'limit' | 'after'> {
  const states = readList(query.state)?.map((word) => {
    const state = UPLOAD_STATES.find((known) => known === word);
    if (state !== undefined) return state;
    const detail = `There is no state ${JSON.stringify(word.slice(0, 40))}.`;
    throw invalidParameter('state', detail, `Take of ${UPLOAD_STATES.join(', ')}.`);
  });
  const { process: processId } = query;
  if (processId !== undefined && !(/^[\w.-]+$/.test(processId) && processId.length <= MAX_WORD_CHARACTERS)) {
    throw invalidParameter(
      'process',
      'process has characters that none has, or too many.',
      'Give the id of a process.',
    );
  }
  return {
    ...readInterval(query.datetime),
    ...(states === undefined ? {} : { states }),
    ...(processId === undefined ? {} : { processId }),
  };
}
