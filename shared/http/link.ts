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
  return `<${link.href.replace(/[<>"\s]/g, encodeURIComponent)}>; ${parameters.join('; ')}`;
}

const quoted = (text: string): string => text.replace(/["\\\r\n]/g, encodeURIComponent);
