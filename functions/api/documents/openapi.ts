import { z } from 'zod';
import { PROBLEM_MEDIA_TYPE } from '../../../shared/http/problem.ts';
import type { Processes } from '../../../shared/jobs/platform.ts';
import { executeBodySchema } from '../execute/execute-body.ts';
import { MAX_LIMIT } from '../query.ts';
import { retryBodySchema } from '../routes/retry.ts';
import { apiRoutes, routeName } from '../routes.ts';
import type { ApiRoute } from '../routes.ts';
import { UPLOAD_STATES } from '../../../shared/uploads/upload.ts';
import { completeBodySchema, partsBodySchema, uploadBodySchema } from '../uploads/upload-body.ts';
import { STATUS_STATES } from './status-info.ts';
import { OPENAPI_MEDIA_TYPE } from './media-types.ts';
import { operations } from './operations.ts';
import type { Operation, RequestSchemaName } from './operations.ts';
import { responseSchemas } from './schemas.ts';

type Json = Record<string, unknown>;

/** Version of the HTTP interface. */
const API_VERSION = '1.0.0';

/** The API definition (OpenAPI 3.0.3), made from the route table and the schemas that validate. */
export function openApi(root: string, processes: Processes): Json {
  return {
    openapi: '3.0.3',
    info: {
      title: 'Longhaul',
      version: API_VERSION,
      description: 'OGC API – Processes (18-062r2) for long geospatial jobs.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: root }],
    tags: ['Service', 'Processes', 'Jobs', 'Uploads', 'Datasets', 'Health'].map((name) => ({ name })),
    paths: paths(),
    components: {
      schemas: componentSchemas(processes),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function paths(): Json {
  const byPath: Record<string, Json> = {};
  for (const route of apiRoutes) {
    const methods = (byPath[route.path] ??= {});
    methods[route.method.toLowerCase()] = operationOf(route, operations[routeName(route)]);
  }
  return byPath;
}

function operationOf(route: ApiRoute, operation: Operation): Json {
  const status = String(operation.status ?? 200);
  const sync = operation.body === 'executeRequest' && status === '201';
  return {
    operationId: operationId(route),
    summary: operation.summary,
    tags: [operation.tag],
    // Scopes are described, not listed: OpenAPI 3.0 lists them for OAuth 2 schemes only.
    ...(route.scope === 'open' ? {} : { security: [{ bearer: [] }], description: `Needs the scope ${route.scope}.` }),
    parameters: [...pathParameters(route.path), ...queryParameters(operation), ...headerParameters(operation)],
    ...(operation.body === undefined ? {} : { requestBody: requestBody(operation.body) }),
    ...(sync ? { callbacks: callbacks() } : {}),
    responses: {
      ...(sync ? { '200': responseOf('any') } : {}),
      [status]: responseOf(operation.response),
      default: { description: 'What is wrong', content: { [PROBLEM_MEDIA_TYPE]: { schema: reference('problem') } } },
    },
  };
}

/** `GET /jobs/{jobId}/results` → `getJobsJobIdResults`. */
function operationId({ method, path }: ApiRoute): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `${method.toLowerCase()}${name === '' ? 'LandingPage' : name}`;
}

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const stringList = { type: 'array', items: { type: 'string' } };
const QUERY_SCHEMAS: Readonly<Record<NonNullable<Operation['query']>[number], Json>> = {
  limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: 20 },
  cursor: { type: 'string' },
  type: stringList,
  processID: stringList,
  status: { type: 'array', items: { type: 'string', enum: Object.keys(STATUS_STATES) } },
  datetime: { type: 'string' },
  minDuration: { type: 'integer', minimum: 0 },
  maxDuration: { type: 'integer', minimum: 0 },
  tag: { type: 'string' },
  dataset: { type: 'string' },
  state: { type: 'array', items: { type: 'string', enum: UPLOAD_STATES } },
  process: { type: 'string' },
};

function queryParameters({ query = [] }: Operation): Json[] {
  const format = { name: 'f', in: 'query', schema: { type: 'string', enum: ['json', 'html'] } };
  return [...query.map((name) => ({ name, in: 'query', schema: QUERY_SCHEMAS[name], explode: false })), format];
}

const headerParameters = ({ headers = [] }: Operation): Json[] =>
  headers.map((name) => ({ name, in: 'header', schema: { type: 'string' } }));

/** Requests that say something without a body. */
const OPTIONAL_BODIES: readonly RequestSchemaName[] = ['retryRequest', 'completeRequest'];

const requestBody = (name: RequestSchemaName): Json => ({
  required: !OPTIONAL_BODIES.includes(name),
  content: { 'application/json': { schema: reference(name) } },
});

function responseOf(name: Operation['response']): Json {
  if (name === 'openapi')
    return { description: 'OpenAPI 3.0', content: { [OPENAPI_MEDIA_TYPE]: { schema: { type: 'object' } } } };
  if (name === 'any') return { description: 'The results', content: { '*/*': { schema: {} } } };
  return {
    description: 'OK',
    content: { 'application/json': { schema: reference(name) }, 'text/html': { schema: { type: 'string' } } },
  };
}

/** What is posted to the subscriber's addresses (OGC 18-062r2, clause 12). */
function callbacks(): Json {
  const post = (schema: string) => ({
    post: {
      requestBody: { content: { 'application/json': { schema: reference(schema) } } },
      responses: { '2XX': { description: 'Received' } },
    },
  });
  return {
    success: { '{$request.body#/subscriber/successUri}': post('results') },
    inProgress: { '{$request.body#/subscriber/inProgressUri}': post('statusInfo') },
    failed: { '{$request.body#/subscriber/failedUri}': post('statusInfo') },
  };
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

function componentSchemas(processes: Processes): Json {
  const inputs = [...processes.values()].map((process) => [`inputs-${process.id}`, schemaOf(process.inputs, 'input')]);
  const responses = Object.entries(responseSchemas).map(([name, schema]) => [name, schemaOf(schema, 'output')]);
  const requests = [
    ['executeRequest', schemaOf(executeBodySchema, 'input')],
    ['retryRequest', schemaOf(retryBodySchema, 'input')],
    ['uploadRequest', schemaOf(uploadBodySchema, 'input')],
    ['partsRequest', schemaOf(partsBodySchema, 'input')],
    ['completeRequest', schemaOf(completeBodySchema, 'input')],
  ];
  return Object.fromEntries([...requests, ...responses, ...inputs]) as Json;
}

/** What a schema may say in OpenAPI 3.0.3; process descriptions say more, such as `contentEncoding`. */
const SCHEMA_WORDS: ReadonlySet<string> = new Set(
  (
    'title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems ' +
    'uniqueItems maxProperties minProperties required enum type not allOf oneOf anyOf items properties ' +
    'additionalProperties description format default nullable discriminator readOnly writeOnly example deprecated $ref'
  ).split(' '),
);

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  return z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      for (const word of Object.keys(jsonSchema)) if (!SCHEMA_WORDS.has(word)) delete jsonSchema[word];
    },
  });
}
