import { OGC_RELATIONS } from '../../../shared/http/link.ts';
import type { Link } from '../../../shared/http/link.ts';
import { jsonLink, representationLinks } from '../links.ts';
import type { ApiRequest } from '../request.ts';
import { OPENAPI_MEDIA_TYPE } from './media-types.ts';

/** OGC 18-062r2 `landingPage.yaml`. */
export interface LandingPage {
  title: string;
  description: string;
  links: Link[];
}

export function landingPage(request: ApiRequest): LandingPage {
  const { root } = request;
  return {
    title: 'Longhaul',
    description: 'Long geospatial jobs that are not lost: an OGC API – Processes endpoint.',
    links: [
      ...representationLinks(request, 'This document'),
      { href: `${root}/api?f=json`, rel: 'service-desc', type: OPENAPI_MEDIA_TYPE, title: 'API definition' },
      { href: `${root}/api?f=html`, rel: 'service-doc', type: 'text/html', title: 'API documentation' },
      jsonLink(root, '/conformance', OGC_RELATIONS.conformance, 'Conformance classes'),
      jsonLink(root, '/conformance', 'conformance', 'Conformance classes'),
      jsonLink(root, '/processes', OGC_RELATIONS.processes, 'Processes'),
      jsonLink(root, '/jobs', OGC_RELATIONS.jobList, 'Jobs'),
      jsonLink(root, '/uploads', 'related', 'Uploads'),
      jsonLink(root, '/datasets', 'data', 'Published datasets'),
    ],
  };
}
