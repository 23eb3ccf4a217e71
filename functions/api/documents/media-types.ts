export const OPENAPI_MEDIA_TYPE = 'application/vnd.oai.openapi+json;version=3.0';
