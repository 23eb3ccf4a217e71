import { describe, expect, it } from 'vitest';
import { apiRoutes } from '../../functions/api/routes.ts';
import { resource, resources, synthesise } from './helpers/synthesise.ts';

const template = synthesise({ allowedOrigins: 'https://maps.example.org', apiRateLimit: 50, apiBurstLimit: 70 });
const routes = new Map(
  resources(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [Properties['RouteKey'], Properties]),
);
const api = resource(template, 'AWS::ApiGatewayV2::Api').Properties;
const stage = resource(template, 'AWS::ApiGatewayV2::Stage').Properties;

describe('the HTTP API', () => {
  it('has the routes that the function serves, and no other', () => {
    expect([...routes.keys()].sort()).toEqual(apiRoutes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it.each(apiRoutes.map((route) => [`${route.method} ${route.path}`, route.scope]))('guards %s by %s', (key, scope) => {
    expect(routes.get(key)?.['AuthorizationType']).toBe(scope === 'open' ? 'NONE' : 'CUSTOM');
  });

  it('leaves open only what says what the service is and whether it is up', () => {
    const open = [...routes].filter(([, { AuthorizationType }]) => AuthorizationType === 'NONE').map(([key]) => key);
    expect(open.sort()).toEqual([
      'GET /',
      'GET /api',
      'GET /conformance',
      'GET /health/live',
      'GET /health/ready',
      'GET /processes',
      'GET /processes/{processId}',
    ]);
  });

  it('asks the authorizer once a minute for each token', () => {
    expect(resource(template, 'AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  it('limits the requests of all callers together', () => {
    expect(stage['DefaultRouteSettings']).toMatchObject({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 70 });
  });

  it('logs each request without headers and query strings', () => {
    const { Format } = stage['AccessLogSettings'] as { Format: string };
    expect(JSON.parse(Format)).toMatchObject({ route: '$context.routeKey', status: '$context.status' });
    expect(Format).not.toMatch(/querystring|header|\$context\.path/i);
  });

  it('answers pages of the named origins, exactly those', () => {
    expect(api['CorsConfiguration']).toMatchObject({ AllowOrigins: ['https://maps.example.org'] });
    expect(api['CorsConfiguration']).not.toHaveProperty('AllowCredentials');
  });

  it('answers no page at all unless an origin is named', () => {
    expect(resource(synthesise(), 'AWS::ApiGatewayV2::Api').Properties).not.toHaveProperty('CorsConfiguration');
  });
});
