import { emulatorRefused } from './errors.ts';
import { CREDENTIALS, REGION } from './emulator-account.ts';

const LIMIT_MS = 30_000;
const QUOTED_CHARACTERS = 500;

/** The emulator routes by the service in the signature's scope and does not check the signature itself. */
function authorization(service: string): string {
  const scope = `${CREDENTIALS.accessKeyId}/20260101/${REGION}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=local`;
}

async function send(url: URL, action: string, service: string, init: RequestInit): Promise<string> {
  const headers = { ...init.headers, authorization: authorization(service) };
  const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(LIMIT_MS) });
  const body = await response.text();
  if (!response.ok) throw emulatorRefused(action, response.status, body.slice(0, QUOTED_CHARACTERS));
  return body;
}

/**
 * Calls a service of the AWS JSON protocol for which the project has no client.
 * @param target such as `AmazonSSM.GetParameter`
 * @throws LonghaulError `local-cloud-refused`
 */
export async function callJson(endpoint: URL, service: string, target: string, input: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return JSON.parse(
    await send(endpoint, target, service, { method: 'POST', headers, body: JSON.stringify(input) }),
  ) as unknown;
}

/** Calls an action of CloudFormation. @returns the XML of the answer */
export async function callCloudFormation(endpoint: URL, action: string, stackName: string): Promise<string> {
  const body = new URLSearchParams({ Action: action, Version: '2010-05-15', StackName: stackName });
  return send(endpoint, action, 'cloudformation', { method: 'POST', body });
}

/**
 * Calls Lambda, for which the project has no client.
 * @param path below the endpoint, such as `/2015-03-31/functions/<name>/configuration`
 * @throws LonghaulError `local-cloud-refused`
 */
export async function callLambda(endpoint: URL, method: string, path: string, input?: unknown): Promise<unknown> {
  const body = input === undefined ? {} : { body: JSON.stringify(input) };
  const answer = await send(new URL(path, endpoint), `${method} ${path}`, 'lambda', { method, ...body });
  return answer === '' ? undefined : (JSON.parse(answer) as unknown);
}

/** Reserves concurrency for a function, as Lambda's PutFunctionConcurrency. */
export async function reserveConcurrency(endpoint: URL, functionName: string, concurrency: number): Promise<void> {
  const path = `/2017-10-31/functions/${encodeURIComponent(functionName)}/concurrency`;
  await callLambda(endpoint, 'PUT', path, { ReservedConcurrentExecutions: concurrency });
}

/** Makes the local cloud forget everything. */
export async function resetEmulator(endpoint: URL): Promise<void> {
  await send(new URL('/_ministack/reset', endpoint), 'reset', 'sts', { method: 'POST' });
}
