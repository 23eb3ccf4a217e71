import { ALWAYS, type Bug } from '../bug.ts';

const JOB = 'a job of two chunks';

export const submissionBugs: Bug[] = [
  {
    name: 'a submission without its condition',
    what: 'Puts the record of a key over the one that is there.',
    file: 'shared/jobs/writes/submit.ts',
    find: 'condition: any(keyIsFree, keyHasExpired)',
    replace: `condition: ${ALWAYS}`,
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S12',
  },
  {
    name: 'a key that is forgotten at once',
    what: 'Lets the record of a submission expire in the millisecond in which it is written.',
    file: 'shared/jobs/writes/submit.ts',
    find: 'IDEMPOTENCY_MILLISECONDS = 24 * 60 * 60 * 1000',
    replace: 'IDEMPOTENCY_MILLISECONDS = 0',
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S12',
  },
  {
    name: 'a key that is never forgotten',
    what: 'Gives the job of long ago to whoever uses its key, or sends its inputs, again.',
    file: 'shared/jobs/writes/submit.ts',
    find: 'condition: any(keyIsFree, keyHasExpired)',
    replace: 'condition: keyIsFree',
    caughtBy: 'time',
    where: 'the same key gives',
    breaks: 'seen',
  },
  {
    name: 'an error that is taken for an acceptance',
    what: 'Answers 201 although the table could not be reached.',
    file: 'shared/jobs/submit-job.ts',
    find: '`${tenant}/${job.jobId}/submit`)',
    replace: '`${tenant}/${job.jobId}/submit`).catch(() => ({ accepted: true }))',
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S1',
  },
  {
    name: 'a row before its request',
    what: 'Accepts a job before the request is stored that its planner reads.',
    file: 'shared/jobs/submit-job.ts',
    find: `  await writeStoredJson(platform.objects, requestUrl(platform.locations, job), request);
  const writes = submitWrites(job, record, maxActiveJobs);
  const accept = (): Promise<TransactionOutcome> => platform.store.transact(writes, \`\${tenant}/\${job.jobId}/submit\`);
  let written = await accept();`,
    replace: `  const writes = submitWrites(job, record, maxActiveJobs);
  const accept = (): Promise<TransactionOutcome> => platform.store.transact(writes, \`\${tenant}/\${job.jobId}/submit\`);
  let written = await accept();
  await writeStoredJson(platform.objects, requestUrl(platform.locations, job), request);`,
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'the job is failed',
  },
  {
    name: 'a message before its job',
    what: 'Sends the plan message while the row is still on its way.',
    file: 'shared/jobs/submit-job.ts',
    find: '  let written = await accept();',
    replace: `  const message = { schema: 1, tenant, jobId: job.jobId, kind: 'plan', attempt: 1 };
  await platform.queue.send(processId, [{ body: JSON.stringify(message), delaySeconds: 0, group: tenant }]);
  let written = await accept();`,
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S10',
  },
  {
    name: 'a submission record without its tenant',
    what: 'Shares the keys of submissions among all tenants.',
    file: 'shared/jobs/items/keys.ts',
    find: 'pk: `SUBMISSION#${tenant}#${hash}`',
    replace: 'pk: `SUBMISSION#${hash}`',
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S14',
  },
  {
    name: 'shards without their tenant',
    what: 'Finds the shards of a job by its id alone.',
    file: 'shared/jobs/items/keys.ts',
    find: '`JOB#${key.tenant}#${key.jobId}`',
    replace: '`JOB#${key.jobId}`',
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S14',
  },
  {
    name: 'work without its tenant',
    what: 'Puts the chunks of all tenants into one folder.',
    file: 'shared/jobs/folders.ts',
    find: 'new URL(`${folderOf(key)}chunks/${name}`, locations.work)',
    replace: 'new URL(`${key.jobId}/chunks/${name}`, locations.work)',
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S14',
  },
  {
    name: 'one group for all tenants',
    what: 'Lets the messages of a tenant with many jobs stand before those of all others.',
    file: 'shared/jobs/send-messages.ts',
    find: 'group: message.tenant',
    replace: "group: 'everybody'",
    caughtBy: 'crash-points',
    where: JOB,
    breaks: 'S14',
  },
];
