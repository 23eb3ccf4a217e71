import { conformance } from '../documents/conformance.ts';
import { landingPage } from '../documents/landing-page.ts';
import { landingHtml } from '../pages/landing-html.ts';
import { readQuery } from '../query.ts';
import { respond } from '../response.ts';
import type { RouteHandler } from '../route-handler.ts';

/** `GET /` */
export const getLandingPage: RouteHandler = async (request) => {
  readQuery(request, []);
  const json = landingPage(request);
  return respond(request, { title: json.title, json, html: () => landingHtml(json), etag: true });
};

/** `GET /conformance` */
export const getConformance: RouteHandler = async (request) => {
  readQuery(request, []);
  return respond(request, { title: 'Conformance', json: conformance, etag: true });
};
