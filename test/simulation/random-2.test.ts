import { testRandom } from './tiers/test-random.ts';

testRandom({ part: 2, of: 4 });
