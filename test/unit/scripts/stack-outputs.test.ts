import { describe, expect, it } from 'vitest';
import { parseStackOutputs } from '../../../scripts/local/stack-outputs.ts';

const outputs = {
  ApiUrl: 'http://abc.execute-api.127.0.0.1:4566',
  TableName: 'jobs',
  IdempotencyTableName: 'replays',
  DataBucketName: 'data',
  QueueUrls: '{"echo":"http://127.0.0.1:4566/000000000000/echo"}',
  DeadLetterQueueUrls: '{}',
  FunctionNames: JSON.stringify({
    api: 'a',
    authorizer: 'b',
    stream: 'c',
    sweeper: 'd',
    deadLetters: 'e',
    notifications: 'f',
    uploads: 'h',
    workers: { echo: 'g' },
  }),
};

describe('parseStackOutputs', () => {
  it('reads the JSON inside the outputs of one stack', () => {
    const parsed = parseStackOutputs(JSON.stringify({ Longhaul: outputs, Other: {} }), 'Longhaul');
    expect(parsed.QueueUrls).toEqual({ echo: 'http://127.0.0.1:4566/000000000000/echo' });
    expect(parsed.FunctionNames.workers).toEqual({ echo: 'g' });
  });

  it('names the output that is missing', () => {
    const text = JSON.stringify({ Longhaul: { ...outputs, TableName: undefined } });
    expect(() => parseStackOutputs(text, 'Longhaul')).toThrow(
      expect.objectContaining({ code: 'stack-outputs-invalid' }),
    );
    expect(() => parseStackOutputs(text, 'Longhaul')).toThrow(/TableName/);
  });
});
