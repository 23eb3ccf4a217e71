import { createHash } from 'node:crypto';

/** A piece of HTML that may be put into a page as it is. */
export interface Html {
  readonly html: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for element content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

type Value = Html | string | number | undefined | readonly (Html | string)[];

/** A template whose values are escaped unless they are HTML already. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const parts = strings.map((text, index) => text + render(values[index]));
  return { html: parts.join('') };
}

function render(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'html' in value ? value.html : value.map(render).join('');
}

/** A link, or plain text when the address is neither http nor https: a `javascript:` address must not be clicked. */
export function anchor(href: string, text: string): Html {
  return /^(https?:\/\/|\/|\?)/.test(href) ? markup`<a href="${href}">${text}</a>` : markup`${text}`;
}

const STYLE = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
nav{border-bottom:1px solid #8886;padding-bottom:.5rem;margin-bottom:1rem}
nav a{margin-right:1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}
code,pre{font:14px/1.4 ui-monospace,monospace}
pre{overflow:auto;padding:.6rem;background:#8881}
progress{width:100%}
`;

/** Nothing but the page's own style sheet is loaded or run. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A whole document. @param root address of the API, without a trailing slash */
export function page(title: string, root: string, content: Html): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Longhaul</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<nav>${anchor(`${root}/?f=markup`, 'Longhaul')} ${anchor(`${root}/processes?f=markup`, 'Processes')} ${anchor(`${root}/jobs?f=markup`, 'Jobs')} ${anchor(`${root}/api?f=markup`, 'API')}</nav>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.html;
}
