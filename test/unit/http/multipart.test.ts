import { describe, expect, it } from 'vitest';
import { multipartRelated } from '../../../shared/http/multipart.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('multipartRelated', () => {
  it('writes parts that a MIME reader finds', () => {
    const { contentType, body } = multipartRelated([
      { id: 'a', mediaType: 'text/plain', body: bytes('one') },
      { id: 'b', mediaType: 'image/png', body: new Uint8Array(), location: 'https://x.example/b' },
    ]);
    const [, boundary = ''] = /boundary=([^;]+); type="text\/plain"/.exec(contentType) ?? [];
    const parts = Buffer.from(body).toString().split(`--${boundary}`);
    expect(parts).toEqual([
      '',
      '\r\nContent-ID: <a>\r\nContent-Type: text/plain\r\n\r\none\r\n',
      '\r\nContent-ID: <b>\r\nContent-Type: image/png\r\nContent-Location: https://x.example/b\r\n\r\n\r\n',
      '--\r\n',
    ]);
  });

  it('gives the same bytes for the same parts', () => {
    const part = { id: 'a', mediaType: 'text/plain', body: bytes('one') };
    expect(multipartRelated([part])).toEqual(multipartRelated([part]));
  });

  it('gives another boundary for other content, of 40 hexadecimal digits', () => {
    const boundaryOf = (text: string) =>
      multipartRelated([{ id: 'a', mediaType: 'text/plain', body: bytes(text) }]).contentType;
    expect(boundaryOf('one')).toMatch(/^multipart\/related; boundary=longhaul-[0-9a-f]{40}; type="text\/plain"$/);
    expect(boundaryOf('one')).not.toBe(boundaryOf('two'));
  });

  it('has a type without parts, and one that no quote ends', () => {
    expect(multipartRelated([]).contentType).toContain('; type="application/json"');
    const part = { id: 'a', mediaType: 'text/plain; x="y"', body: bytes('one') };
    expect(multipartRelated([part]).contentType).toContain('; type="text/plain; x=y"');
  });

  it('lets no header of a part end early', () => {
    const parts = [{ id: 'a\nb', mediaType: 'text/plain', body: bytes('') }];
    expect(Buffer.from(multipartRelated(parts).body).toString()).toContain('Content-ID: <a b>');
    const { body } = multipartRelated([{ id: 'a\r\nX: y', mediaType: 'text/plain\r\n\r\nx', body: bytes('') }]);
    expect(Buffer.from(body).toString()).not.toMatch(/^X: y/m);
  });
});
