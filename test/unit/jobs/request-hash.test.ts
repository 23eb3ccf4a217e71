import { describe, expect, it } from 'vitest';
import { canonicalJson, hashOf } from '../../../shared/jobs/request-hash.ts';
import { decodeResults, encodeResults } from '../../../shared/jobs/results.ts';

describe('canonicalJson', () => {
  it('orders the members of objects at every depth, and nothing else', () => {
    const value = { b: [{ y: 2, x: 1 }, null], a: { d: 'text', c: true }, 10: 0, 9: 0 };
    expect(canonicalJson(value)).toBe('{"9":0,"10":0,"a":{"c":true,"d":"text"},"b":[{"x":1,"y":2},null]}');
    expect(canonicalJson({ z: 0, m: 0, a: 0, k: 0 })).toBe('{"a":0,"k":0,"m":0,"z":0}');
    expect(canonicalJson([3, 1, 2])).toBe('[3,1,2]');
    expect(canonicalJson(null)).toBe('null');
  });
});

describe('hashOf', () => {
  it('is the SHA-256 of the canonical list of values', () => {
    // By Python: hashlib.sha256(b'["a",{"b":1,"c":[null,{"x":1,"y":2}]}]').hexdigest()
    const digest = '2312121a62315d6003f07d55fd71e726a14e2515a2697d5f4cfa163308939a57';
    expect(hashOf('a', { c: [null, { y: 2, x: 1 }], b: 1 })).toBe(digest);
    expect(hashOf('a')).not.toBe(hashOf('b'));
    expect(hashOf('a', 'b')).not.toBe(hashOf('a,b'));
  });
});

describe('stored results', () => {
  it('come back as they were, URLs as URLs and texts as texts', () => {
    const results = {
      file: new URL('s3://data/outputs/a.txt'),
      list: [new URL('https://a.example/'), 'https://a.example/', 1, null, true],
      map: { inner: { storedUrl: 'https://a.example/', other: 1 }, empty: {}, none: [] },
      number: { storedUrl: 5 },
      one: { name: 'https://a.example/' },
    };
    expect(decodeResults(JSON.parse(JSON.stringify(encodeResults(results))))).toEqual(results);
  });

  it('mark a URL by a member of its own', () => {
    expect(encodeResults([new URL('https://a.example/x')])).toEqual([{ storedUrl: 'https://a.example/x' }]);
  });
});
