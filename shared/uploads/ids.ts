import { jobIdSchema } from '../jobs/messages.ts';

/** Uploads are named as jobs are: by ULIDs. */
export const ulidSchema = jobIdSchema;
