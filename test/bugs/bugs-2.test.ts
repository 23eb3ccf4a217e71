import { testBugs } from './test-bugs.ts';

testBugs({ part: 2, of: 2 });
