import { describe, expect, it } from 'vitest';
import { negotiate } from '../../../shared/http/accept.ts';
import { matchesEtag, weakEtag } from '../../../shared/http/etag.ts';
import { linkHeader } from '../../../shared/http/link.ts';
import { parsePrefer } from '../../../shared/http/prefer.ts';

describe('negotiate', () => {
  const offered = ['application/json', 'text/html'];

  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'text/html'],
    ['text/*', 'text/html'],
    ['application/json;q=0.1, text/html;q=0.9', 'text/html'],
    ['*/*, application/json;q=0', 'text/html'],
    ['text/html;q=0.5, */*;q=0.5', 'application/json'],
    ['TEXT/HTML; charset=utf-8', 'text/html'],
    ['text/html;q=nonsense', 'text/html'],
    ['image/png', undefined],
    ['  ', 'application/json'],
    ['application/json;q=0.55, text/html;q=0.9', 'text/html'],
    ['application/json;q=0.555, text/html;q=0.556', 'text/html'],
    ['application/json;charset=utf-8;q=0.1, text/html;q=0.9', 'text/html'],
    ['application/json;q=0x, text/html;q=0.9', 'application/json'],
    ['application/json;q=x0, text/html;q=0.9', 'application/json'],
    ['application/json;q=1., text/html;q=0.9', 'application/json'],
    ['application/json;q=1.9, text/html', 'application/json'],
    [`${'a/b,'.repeat(31)}text/html`, 'text/html'],
    [`${'a/b,'.repeat(32)}text/html`, undefined],
    ['application/json;q=0', undefined],
  ])('answers %s with %s', (accept, expected) => {
    expect(negotiate(accept, offered)).toBe(expected);
  });
});

describe('parsePrefer', () => {
  it('reads the preference of RFC 7240 among others', () => {
    expect(parsePrefer('wait=10, Respond-Async; foo=1')).toEqual({ respondAsync: true });
    expect(parsePrefer('return=minimal')).toEqual({ respondAsync: false });
    expect(parsePrefer('handling="respond-async"')).toEqual({ respondAsync: false });
    expect(parsePrefer(undefined)).toEqual({ respondAsync: false });
    expect(parsePrefer('respond-async;x=1')).toEqual({ respondAsync: true });
    expect(parsePrefer(`${'a,'.repeat(15)}respond-async`)).toEqual({ respondAsync: true });
    expect(parsePrefer(`${'a,'.repeat(16)}respond-async`)).toEqual({ respondAsync: false });
  });
});

describe('entity tags', () => {
  it('compare weakly', () => {
    const etag = weakEtag('text');
    expect(matchesEtag(etag, etag)).toBe(true);
    expect(matchesEtag(etag.slice(2), etag)).toBe(true);
    expect(matchesEtag(`"a", ${etag}`, etag)).toBe(true);
    expect(matchesEtag('*', etag)).toBe(true);
    expect(matchesEtag(' * ', etag)).toBe(true);
    expect(matchesEtag('"a"', etag)).toBe(false);
    expect(matchesEtag(`${'"a",'.repeat(31)}${etag}`, etag)).toBe(true);
    expect(matchesEtag(`${'"a",'.repeat(32)}${etag}`, etag)).toBe(false);
    expect(matchesEtag(`X/${etag.slice(2)}`, etag)).toBe(false);
    expect(matchesEtag(undefined, etag)).toBe(false);
  });

  it('differ when the text differs', () => {
    expect(weakEtag('a')).not.toBe(weakEtag('b'));
    // By Python: base64.urlsafe_b64encode(hashlib.sha256(b'a').digest())[:22]
    expect(weakEtag('a')).toBe('W/"ypeBEsobvcr6wjGzmiPcTa"');
  });
});

describe('linkHeader', () => {
  it('has the parameters that the link has', () => {
    expect(linkHeader({ href: '/a', rel: 'next' })).toBe('</a>; rel="next"');
    expect(linkHeader({ href: '/a', rel: 'next', type: 'text/html', title: 'b' })).toBe(
      '</a>; rel="next"; type="text/html"; title="b"',
    );
  });

  it('lets nothing of a value end its parameter', () => {
    const header = linkHeader({ href: 'https://a.example/x>; rel="evil', rel: 'a"b', title: 'x\r\nset-cookie: y' });
    expect(header).toBe('<https://a.example/x%3E;%20rel=%22evil>; rel="a%22b"; title="x%0D%0Aset-cookie: y"');
  });
});
