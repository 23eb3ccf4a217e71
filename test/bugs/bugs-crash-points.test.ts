import { BANK } from './bank.ts';
import { testBugs } from './test-bugs.ts';

testBugs(BANK.filter(({ caughtBy }) => caughtBy === 'crash-points'));
