/** A link between resources (OGC 18-062r2 `link.yaml`, RFC 8288). */
export interface Link {
  href: string;
  rel: string;
  type?: string;
  title?: string;
  hreflang?: string;
}

/** Relations that OGC 18-062r2 defines by URI. */
export const OGC_RELATIONS = {
  conformance: 'http://www.opengis.net/def/rel/ogc/1.0/conformance',
  processes: 'http://www.opengis.net/def/rel/ogc/1.0/processes',
  jobList: 'http://www.opengis.net/def/rel/ogc/1.0/job-list',
  execute: 'http://www.opengis.net/def/rel/ogc/1.0/execute',
  results: 'http://www.opengis.net/def/rel/ogc/1.0/results',
  exceptions: 'http://www.opengis.net/def/rel/ogc/1.0/exceptions',
} as const;

/** One value of a `Link` header. Quotes and line ends cannot break out of a parameter: they are percent-encoded. */
export function linkHeader(link: Link): string {
  const parameters = [`rel="${quoted(link.rel)}"`];
  if (link.type !== undefined) parameters.push(`type="${quoted(link.type)}"`);
  if (link.title !== undefined) parameters.push(`title="${quoted(link.title)}"`);
  return `<${uriReference(link.href)}>; ${parameters.join('; ')}`;
}

/**
 * An address as it may stand in a header (RFC 3986, 2): what is not printable ASCII, and what would end it, is
 * percent-encoded. Callers' addresses come back in headers, and a URL parser takes more than a header may hold.
 */
export function uriReference(href: string): string {
  return href.replace(/[^!-~]|[<>"]/gu, encoded);
}

const quoted = (text: string): string => text.replace(/[^ -~]|["\\]/gu, encoded);

const encoded = (character: string): string => encodeURIComponent(character.toWellFormed());
