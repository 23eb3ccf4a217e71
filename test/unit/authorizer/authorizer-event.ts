import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';

/** A REQUEST authorizer event of payload 2.0, as API Gateway makes it. */
export function authorizerEvent(authorization: string | undefined): APIGatewayRequestAuthorizerEventV2 {
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: 'arn:aws:execute-api:us-east-1:000000000000:abc123/$default/GET/jobs',
    identitySource: authorization === undefined ? [] : [authorization],
    routeKey: 'GET /jobs',
    rawPath: '/jobs',
    rawQueryString: '',
    cookies: [],
    headers: authorization === undefined ? {} : { authorization },
    requestContext: {
      accountId: '000000000000',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method: 'GET', path: '/jobs', protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'curl/8.5.0' },
      requestId: 'req-1',
      routeKey: 'GET /jobs',
      stage: '$default',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_348_800_000,
    },
  };
}
