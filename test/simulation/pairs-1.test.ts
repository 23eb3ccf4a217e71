import { testPairs } from './tiers/test-pairs.ts';

testPairs({ part: 1, of: 2 });
