import { testRandom } from './tiers/test-random.ts';

testRandom({ part: 4, of: 4 });
