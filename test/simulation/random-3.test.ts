import { testRandom } from './tiers/test-random.ts';

testRandom({ part: 3, of: 4 });
