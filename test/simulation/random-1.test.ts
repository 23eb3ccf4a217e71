import { testRandom } from './tiers/test-random.ts';

testRandom({ part: 1, of: 4 });
