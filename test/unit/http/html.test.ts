import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { anchor, CONTENT_SECURITY_POLICY, markup, page } from '../../../shared/http/html.ts';

describe('markup', () => {
  it('escapes every value that is not markup', () => {
    expect(markup`<p title="${'"><script>'}">${["<b>'&", markup`<i>${'<'}</i>`]}${undefined}${1}</p>`.html).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&#39;&amp;<i>&lt;</i>1</p>',
    );
  });

  it('links to web addresses only', () => {
    expect(anchor('https://a.example/?b&c', 'x').html).toBe('<a href="https://a.example/?b&amp;c">x</a>');
    expect(anchor('http://a.example/', 'x').html).toBe('<a href="http://a.example/">x</a>');
    expect(anchor('/a', 'x').html).toBe('<a href="/a">x</a>');
    expect(anchor('?a', 'x').html).toBe('<a href="?a">x</a>');
    expect(anchor('javascript:alert(1)', 'x').html).toBe('x');
    expect(anchor('x:https://a.example/', 'x').html).toBe('x');
    expect(anchor('data:text/html,x', 'x').html).toBe('x');
  });
});

describe('page', () => {
  it('has the one style sheet that its policy allows', () => {
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page('<t>', 'https://a.example', markup`x`)) ?? [];
    expect(style).toContain('table{');
    const hash = createHash('sha256').update(style).digest('base64');
    expect(CONTENT_SECURITY_POLICY).toContain(`style-src 'sha256-${hash}'`);
  });

  it('leads to what there is', () => {
    const html = page('t', 'https://a.example', markup`<p>x</p>`);
    const links = [...html.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)].map(([, href, text]) => [href, text]);
    expect(links).toEqual([
      ['https://a.example/?f=markup', 'Longhaul'],
      ['https://a.example/processes?f=markup', 'Processes'],
      ['https://a.example/jobs?f=markup', 'Jobs'],
      ['https://a.example/api?f=markup', 'API'],
    ]);
    expect(html).toContain('<h1>t</h1>\n<p>x</p>\n</main>');
    expect(html).toContain('<title>t · Longhaul</title>');
  });

  it('lets nothing else be loaded, run, sent or framed', () => {
    expect(CONTENT_SECURITY_POLICY.replace(/'sha256-[^']+'/, 'HASH')).toBe(
      "default-src 'none'; style-src HASH; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('escapes its title', () => {
    expect(page('<t>', 'https://a.example', markup`x`)).toContain('<h1>&lt;t&gt;</h1>');
  });
});
