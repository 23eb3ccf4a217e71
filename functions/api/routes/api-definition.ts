import type { Api } from '../api.ts';
import { OPENAPI_MEDIA_TYPE } from '../documents/media-types.ts';
import { openApi } from '../documents/openapi.ts';
import { apiHtml } from '../pages/api-html.ts';
import { readQuery } from '../query.ts';
import { respond } from '../response.ts';
import type { RouteHandler } from '../route-handler.ts';

/** `GET /api` */
export const getApiDefinition =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    return respond(request, {
      title: 'API definition',
      json: openApi(request.root, api.platform.processes),
      mediaType: OPENAPI_MEDIA_TYPE,
      html: () => apiHtml(request.root),
      etag: true,
    });
  };
