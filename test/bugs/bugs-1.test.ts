import { testBugs } from './test-bugs.ts';

testBugs({ part: 1, of: 2 });
