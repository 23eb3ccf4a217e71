import { isDeepStrictEqual } from 'node:util';
import { OFFSETS } from '../../time/edge.ts';
import { EDGES } from '../../time/edges.ts';
import { answer } from '../find-violation.ts';

void answer(async ({ where, maxCases }) => {
  let cases = 0;
  for (const { name, at, expected, observe } of EDGES.filter((edge) => edge.name.startsWith(where))) {
    for (const [index, offset] of OFFSETS.entries()) {
      if (cases === maxCases) return { cases, violations: [] };
      cases++;
      const seen = await observe(at + offset);
      if (isDeepStrictEqual(seen, expected[index])) continue;
      return { cases, violations: [{ path: `time/${name}/${offset} ms`, breach: `seen ${JSON.stringify(seen)}` }] };
    }
  }
  return { cases, violations: [] };
});
