import type { LonghaulError } from '../errors/longhaul-error.ts';
import { statusOf } from './status.ts';

/** RFC 9457 problem details, with members that say what to do. */
export interface Problem {
  /** Stable identifier of the kind of problem: the standard's, or `urn:longhaul:error:<code>`. */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Correlates with the log of the request. */
  instance: string;
  code: string;
  /** JSON pointer to the input, or the name of the query parameter. */
  field?: string;
  limit?: number;
  actual?: number;
  remedy?: string;
  /** Of a quota that is full: its name, what is in use for good, and what is held by what is under way. */
  quota?: string;
  used?: number;
  reserved?: number;
  /** Every input that is wrong, when there are several. */
  errors?: { field: string; detail: string }[];
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

const OGC = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/';

/** Exceptions whose type OGC 18-062r2 fixes. */
const STANDARD_TYPES: Readonly<Record<string, string>> = {
  'no-such-process': `${OGC}no-such-process`,
  'job-not-found': `${OGC}no-such-job`,
  'result-not-ready': `${OGC}result-not-ready`,
};

export const problemType = (code: string): string => STANDARD_TYPES[code] ?? `urn:longhaul:error:${code}`;

/** What a caller is told about an error. @param instance URN of the request */
export function problemOf(error: LonghaulError, instance: string): Problem {
  return {
    type: problemType(error.code),
    title: titleOf(error.code),
    status: statusOf(error),
    detail: error.detail,
    instance,
    code: error.code,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.limit === undefined ? {} : { limit: error.limit }),
    ...(error.actual === undefined ? {} : { actual: error.actual }),
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}

/** `no-such-process` → `No such process`. */
const titleOf = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
