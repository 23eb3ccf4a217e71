import { testPairs } from './tiers/test-pairs.ts';

testPairs({ part: 2, of: 2 });
