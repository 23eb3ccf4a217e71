import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { SqsQueue } from '../../../shared/aws/sqs-queue.ts';
import type { CannedAnswer, CannedServer } from './canned-server.ts';
import { jsonAnswer, jsonError, startCannedServer } from './canned-server.ts';

function queueOn(server: CannedServer): SqsQueue {
  const url = `${server.config.endpoint}/000000000000/echo`;
  return new SqsQueue({
    // Checksums of bodies are the service's affair, not of canned answers.
    client: new SQSClient({ ...server.config, md5: false }),
    queueUrls: { echo: url },
    deadLetterQueueUrls: { echo: `${url}-dead` },
  });
}

const MESSAGES = ['a', 'b', 'c'].map((body, index) => ({ body, delaySeconds: index * 30, group: 'alpha' }));

describe('SqsQueue', () => {
  it('sends the tenant as the group, with the delay', async () => {
    await using server = await startCannedServer(jsonAnswer(200, { Successful: [], Failed: [] }));
    expect(await queueOn(server).send('echo', MESSAGES.slice(1))).toEqual([]);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
      Entries: [
        { Id: '0', MessageBody: 'b', MessageGroupId: 'alpha', DelaySeconds: 30 },
        { Id: '1', MessageBody: 'c', MessageGroupId: 'alpha', DelaySeconds: 60 },
      ],
    });
  });

  it('gives the indices of what the service refused for now', async () => {
    const failed = ['2', '0'].map((Id) => ({ Id, Code: 'InternalError', SenderFault: false }));
    await using server = await startCannedServer(jsonAnswer(200, { Failed: failed }));
    expect(await queueOn(server).send('echo', MESSAGES)).toEqual([0, 2]);
  });

  it('does not ask to send again what would be refused again', async () => {
    const failed = [{ Id: '1', Code: 'InvalidMessageContents', SenderFault: true }];
    await using server = await startCannedServer(jsonAnswer(200, { Failed: failed }));
    await expect(queueOn(server).send('echo', MESSAGES)).rejects.toMatchObject({
      code: 'queue-message-invalid',
      retryable: false,
    });
  });

  it.each<[string, CannedAnswer]>([
    ['throttles', jsonError(400, 'RequestThrottled')],
    ['fails', jsonError(500, 'InternalFailure')],
    ['breaks the connection', 'reset'],
  ])('is unavailable when the service %s', async (_what, answer) => {
    await using server = await startCannedServer(answer);
    const queue = queueOn(server);
    const unavailable = { code: 'queue-unavailable', retryable: true };
    await expect(queue.send('echo', MESSAGES)).rejects.toMatchObject(unavailable);
    await expect(queue.sendToDeadLetters('echo', 'x', { code: 'c', detail: 'd' })).rejects.toMatchObject(unavailable);
    await expect(queue.depth('echo')).rejects.toMatchObject(unavailable);
  });

  it('leaves a refusal as it is', async () => {
    await using server = await startCannedServer(jsonError(400, 'AccessDenied'));
    await expect(queueOn(server).depth('echo')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
