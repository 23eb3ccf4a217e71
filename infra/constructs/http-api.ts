import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  HttpApi as Api,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ApiRoute } from '../../functions/api/routes.ts';
import { acknowledge } from '../acknowledge.ts';
import type { PlatformFunction } from './platform-function.ts';

/** How long an answer of the authorizer holds for the same header: a revoked token works for so long at most. */
const AUTHORIZER_CACHE = Duration.minutes(1);
const PREFLIGHT_CACHE = Duration.hours(1);

/** One line for each request; neither a header nor a query string is in it. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  functionMilliseconds: '$context.integrationLatency',
  authorizerError: '$context.authorizer.error',
  error: '$context.error.message',
  tenant: '$context.authorizer.tenant',
  subject: '$context.authorizer.subject',
  address: '$context.identity.sourceIp',
};

export interface HttpApiProps {
  routes: readonly ApiRoute[];
  handler: PlatformFunction;
  authorizer: PlatformFunction;
  /** Exact origins whose pages may call the API. */
  allowedOrigins: readonly string[];
  logRetention: RetentionDays;
  /** Requests per second, and at once, of all callers together. */
  rateLimit: number;
  burstLimit: number;
}

/** The HTTP API, route by route from the table that the function serves: what is not in it reaches no function. */
export class HttpApi extends Construct {
  readonly api: Api;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', {
      apiName: `${Stack.of(this).stackName} API`,
      description: 'OGC API - Processes: durable geospatial jobs',
      createDefaultStage: false,
      ...(props.allowedOrigins.length === 0 ? {} : { corsPreflight: cors(props.allowedOrigins) }),
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: props.rateLimit, burstLimit: props.burstLimit },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs(props.logRetention)),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    this.addRoutes(props);
    // The first deployment of a stage must see the routes.
    stage.node.addDependency(...this.api.node.children.filter((child) => child !== this.api.node.defaultChild));
  }

  /** A name under /aws/vendedlogs/ keeps the account's resource policy of logs below its size limit. */
  private accessLogs(retention: RetentionDays): LogGroup {
    return new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}/api`,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private addRoutes(props: HttpApiProps): void {
    const integration = new HttpLambdaIntegration('Handler', props.handler.function, { scopePermissionToRoute: false });
    const authorizer = new HttpLambdaAuthorizer('Authorizer', props.authorizer.function, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: AUTHORIZER_CACHE,
    });
    const open = new HttpNoneAuthorizer();
    for (const route of props.routes) {
      const [added] = this.api.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration,
        authorizer: route.scope === 'open' ? open : authorizer,
      });
      if (route.scope === 'open' && added !== undefined)
        acknowledge(
          added,
          'AwsSolutions-APIG4',
          'Says what the service is and whether it is up: the same for everyone.',
        );
    }
  }
}

function cors(origins: readonly string[]) {
  return {
    allowOrigins: [...origins],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.HEAD, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
    allowHeaders: ['authorization', 'content-type', 'accept', 'prefer', 'idempotency-key', 'if-none-match'],
    exposeHeaders: ['location', 'link', 'etag', 'retry-after', 'preference-applied'],
    maxAge: PREFLIGHT_CACHE,
  };
}
