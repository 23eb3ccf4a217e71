import { anchor, markup } from '../../../shared/http/html.ts';
import type { Html } from '../../../shared/http/html.ts';
import type { Link } from '../../../shared/http/link.ts';
import type { LandingPage } from '../documents/landing-page.ts';

export function landingHtml(document: LandingPage): Html {
  return markup`<p>${document.description}</p>
${linkList(document.links)}`;
}

/** Links by their titles. */
export function linkList(links: readonly Link[]): Html {
  const items = links.map((link) => markup`<li>${anchor(link.href, link.title ?? link.rel)}</li>\n`);
  return markup`<ul>\n${items}</ul>`;
}
