import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { Geometry } from '../../../shared/geo/features/geometry.ts';
import { MAX_CURVE_VERTICES, WkbReader } from '../../../shared/geo/formats/wkb/wkb-reader.ts';
import { geometries } from '../../helpers/geometry-arbitraries.ts';
import { writeWkb, type PlainGeometry } from '../../helpers/write-wkb.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

const reader = new WkbReader();

/** A seed of every curved type, whose counts lead on to others. */
const CURVED: PlainGeometry = {
  type: 'GeometryCollection',
  geometries: [
    {
      type: 'MultiSurface',
      geometries: [
        {
          type: 'CurvePolygon',
          geometries: [
            {
              type: 'CompoundCurve',
              geometries: [
                { type: 'CircularString', coordinates: [[0, 0], [1, 1], [2, 0]] }, // prettier-ignore
                { type: 'LineString', coordinates: [[2, 0], [0, 0]] }, // prettier-ignore
              ],
            },
          ],
        },
      ],
    },
    { type: 'TIN', coordinates: [[[[0, 0], [1, 0], [0, 1], [0, 0]]]] }, // prettier-ignore
  ],
};

describe('well-known binary', () => {
  printCorpora('WKB');
  const dimensions = fc.constantFrom('xy' as const, 'xyz' as const, 'xyzm' as const);
  const plain = dimensions.chain((each) =>
    fc.tuple(
      fc.oneof(fc.constant(CURVED), geometries(each)),
      fc.record({ littleEndian: fc.boolean(), dimensions: fc.constant(each) }),
    ),
  );

  fuzz(
    'with bytes changed, cut, moved and put in is read within its bytes, or refused for good',
    fc.record({ seed: plain, list: edits }),
    async ({ seed: [geometry, options], list }) => isReadWithinBounds(edited(writeWkb(geometry, options), list)),
  );

  fuzz('of any bytes is read within its bytes, or refused for good', fc.uint8Array({ maxLength: 200 }), async (tail) =>
    isReadWithinBounds(Uint8Array.from([tail.length % 2, (tail[0] ?? 0) % 18, 0, 0, 0, ...tail])),
  );
});

async function isReadWithinBounds(bytes: Uint8Array): Promise<void> {
  const geometry = new Geometry();
  const read = await reading(() => reader.read(bytes, 0, bytes.length, geometry));
  if ('refused' in read) expect(read.refused.code).toMatch(/^wkb-/);
  else expect(read.read).toBeLessThanOrEqual(bytes.length);
  expect(verticesOf(geometry)).toBeLessThanOrEqual(Math.min(MAX_CURVE_VERTICES, bytes.length * 6 + 200));
  expect(geometry.xy.length).toBeLessThanOrEqual(2 ** 16);
}

function verticesOf({ vertices, members, memberCount }: Geometry): number {
  return members.slice(0, memberCount).reduce((sum, member) => sum + verticesOf(member), vertices);
}
