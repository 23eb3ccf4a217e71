import { z } from 'zod';
import { retryJob } from '../../../shared/jobs/retry-job.ts';
import type { Api } from '../api.ts';
import { readJsonBody } from '../execute/read-body.ts';
import { schemaError } from '../execute/schema-errors.ts';
import { idempotencyKeyOf, replayed } from '../idempotency-key.ts';
import { readQuery } from '../query.ts';
import { requireAcceptable } from '../response.ts';
import { principalOf } from '../route-handler.ts';
import type { RouteHandler } from '../route-handler.ts';
import { respondCreated } from './execution.ts';
import { jobKeyOf } from './jobs.ts';

/** Vertices of one ring, and rings or polygons of one area. */
const MAX_VERTICES = 10_000;
const MAX_RINGS = 100;

/** Longitude and latitude in degrees; a height is dropped. */
const position = z
  .array(z.number())
  .min(2)
  .max(3)
  .refine(
    ([x = NaN, y = NaN]) => Math.abs(x) <= 180 && Math.abs(y) <= 90,
    'Expected longitude and latitude in degrees',
  );
const ring = z
  .array(position)
  .min(4)
  .max(MAX_VERTICES)
  .refine((points) => String(points[0]) === String(points.at(-1)), 'Expected a ring whose last position is its first');
const polygon = z.array(ring).min(1).max(MAX_RINGS);

/** RFC 7946, 3.1.6 and 3.1.7 */
const areaSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Polygon'), coordinates: polygon }),
  z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).min(1).max(MAX_RINGS) }),
]);

export const retryBodySchema = z
  .strictObject({
    area: areaSchema.exactOptional().meta({ description: 'GeoJSON: run the units that touch it again.' }),
  })
  .meta({ title: 'Retry request' });

/** `POST /jobs/{jobId}/retry`: a new job for the units that failed, or for those that touch an area. */
export const postRetry =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = jobKeyOf(request);
    const body = readJsonBody(request) ?? {};
    const parsed = retryBodySchema.safeParse(body);
    if (!parsed.success) throw schemaError(parsed.error, '', body);
    const idempotencyKey = idempotencyKeyOf(request);
    requireAcceptable(request);
    return replayed(api, request, body, async () => {
      const { job } = await retryJob(api.platform, key, {
        subject: principalOf(request).subject,
        ...(parsed.data.area === undefined ? {} : { area: parsed.data.area }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      return respondCreated(request, job);
    });
  };
