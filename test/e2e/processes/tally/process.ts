import { defineTally } from '../define-tally.ts';

export default defineTally('tally');
