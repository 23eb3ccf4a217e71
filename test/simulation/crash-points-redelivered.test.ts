import { testRepeated } from './tiers/test-repeated.ts';

testRepeated('redelivered');
