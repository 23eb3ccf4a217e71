import type { ExecuteRequest, OutputRequest } from '../../../shared/jobs/execute-request.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { jsonPointer } from '../../../shared/http/json-pointer.ts';
import { InputError } from '../errors.ts';

/** An output that is asked for, with the standard's defaults. */
export interface SelectedOutput {
  id: string;
  transmissionMode: 'value' | 'reference';
}

/**
 * The outputs that a request asks for: all when it names none (OGC 18-062r2, /req/core/process-execute-default-outputs),
 * by value when it does not say how.
 * @throws InputError `output-unknown`, `output-format-unsupported`
 */
export function selectOutputs(process: ProcessDefinition, outputs: ExecuteRequest['outputs']): SelectedOutput[] {
  const requested = Object.entries(outputs ?? {});
  if (requested.length === 0) {
    return Object.keys(process.outputs).map((id) => ({ id, transmissionMode: 'value' }));
  }
  return requested.map(([id, request]) => {
    requireOutput(process, id, request);
    return { id, transmissionMode: request.transmissionMode ?? 'value' };
  });
}

/** Media types in which an output can be given, by its schema. */
export function offeredMediaTypes(schema: Readonly<Record<string, unknown>>): string[] {
  const alternatives = ['oneOf', 'anyOf'].flatMap((word) => {
    const list = schema[word];
    return Array.isArray(list) ? (list as Record<string, unknown>[]) : [];
  });
  if (alternatives.length > 0) return [...new Set(alternatives.flatMap(offeredMediaTypes))];
  const declared = schema['contentMediaType'];
  if (typeof declared === 'string') return [declared];
  return [schema['type'] === 'string' ? 'text/plain' : 'application/json'];
}

function requireOutput(process: ProcessDefinition, id: string, request: OutputRequest): void {
  const description = Object.hasOwn(process.outputs, id) ? process.outputs[id] : undefined;
  const field = jsonPointer(['outputs', id]);
  if (description === undefined) {
    const known = Object.keys(process.outputs).join(', ');
    throw new InputError(
      'output-unknown',
      [{ field, detail: `${field}: The process has no such output.` }],
      `Its outputs are ${known}.`,
    );
  }
  const wanted = request.format?.mediaType;
  const offered = offeredMediaTypes(description.schema);
  if (wanted === undefined || offered.includes(wanted)) return;
  throw new InputError(
    'output-format-unsupported',
    [
      {
        field: `${field}/format/mediaType`,
        detail: `${field}/format/mediaType: The output is not given as ${JSON.stringify(wanted)}.`,
      },
    ],
    `It is given as ${offered.join(' or ')}.`,
  );
}
