import { z } from 'zod';
import { UPLOAD_STATES } from '../../shared/uploads/upload.ts';

const failureSchema = z.object({ code: z.string(), detail: z.string(), remedy: z.string().exactOptional() });

const requestSchema = z.object({
  partNumber: z.number().exactOptional(),
  href: z.url(),
  headers: z.record(z.string(), z.string()),
});
export type SignedHref = z.output<typeof requestSchema>;

/** What the command reads of an upload; the API gives more. */
export const uploadSchema = z.looseObject({
  uploadID: z.string(),
  state: z.enum(UPLOAD_STATES),
  fileName: z.string(),
  bytes: z.number(),
  partBytes: z.number().exactOptional(),
  format: z.string().exactOptional(),
  source: z.string().exactOptional(),
  processID: z.string().exactOptional(),
  jobID: z.string().exactOptional(),
  failure: failureSchema.exactOptional(),
  created: z.string(),
  uploaded: z
    .array(z.object({ partNumber: z.number(), bytes: z.number(), sha256: z.string().exactOptional() }))
    .exactOptional(),
  requests: z.array(requestSchema).exactOptional(),
});
export type UploadStatus = z.output<typeof uploadSchema>;
export const uploadListSchema = z.looseObject({ uploads: z.array(uploadSchema) });

/** The path of an upload; an id can leave no path. */
export const uploadPath = (uploadId: string, rest = ''): string => `uploads/${encodeURIComponent(uploadId)}${rest}`;
