import { testRepeated } from './tiers/test-repeated.ts';

testRepeated('two-workers');
