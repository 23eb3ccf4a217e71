import { describe, expect, it } from 'vitest';
import { jsonPointer } from '../../../shared/http/json-pointer.ts';
import { parseScopes } from '../../../shared/http/principal.ts';

describe('jsonPointer', () => {
  it('escapes its steps, and goes on behind its base', () => {
    expect(jsonPointer(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
    expect(jsonPointer(['~1'], '/inputs')).toBe('/inputs/~01');
    expect(jsonPointer([])).toBe('');
  });

  it('has at most 256 characters', () => {
    expect(jsonPointer(['x'.repeat(300)])).toBe(`/${'x'.repeat(255)}`);
  });
});

describe('parseScopes', () => {
  it('keeps the scopes that there are, in their order, once', () => {
    expect(parseScopes('jobs:write root jobs:read jobs:read')).toEqual(['jobs:read', 'jobs:write']);
    expect(parseScopes('jobs:operate')).toEqual(['jobs:operate']);
    expect(parseScopes('jobs:readjobs:write')).toEqual([]);
  });
});
