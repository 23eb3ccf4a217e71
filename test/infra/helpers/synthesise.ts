import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../../../infra/config.ts';
import type { DeployedProcess } from '../../../infra/deployed-processes.ts';
import { LonghaulStack } from '../../../infra/longhaul-stack.ts';
import { defineProcess } from '../../../shared/jobs/process.ts';

/** One resource of a template, as CloudFormation reads it. */
export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DependsOn?: string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The context of cdk.json: what the CDK's command line hands to the app. */
export const projectContext = (
  JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8')) as {
    context: Record<string, unknown>;
  }
).context;

/** Assets are not bundled: a template test needs their names only. */
export const NO_BUNDLING = { 'aws:cdk:bundling-stacks': [] };

/** The CDK's own check of the template takes seconds: `deployment.test.ts` has it on. */
export const TEMPLATE_CHECK = '@aws-cdk/core:validateAgainstDefaultRules';

/** Two processes: one with native code and limits of its own, one with fewer attempts than SQS asks for. */
export const PROCESSES: DeployedProcess[] = [
  process('tile-maker', { memoryMiB: 1769, timeoutSeconds: 300, concurrency: 50, attempts: 7 }, ['sharp']),
  process('mirror', { memoryMiB: 256, timeoutSeconds: 20, concurrency: 4, attempts: 3 }, []),
];

export function appWith(context: Record<string, unknown> = {}): { app: App; stack: LonghaulStack } {
  const app = new App({
    outdir: mkdtempSync(join(tmpdir(), 'longhaul-synthesis-')),
    context: { ...projectContext, ...NO_BUNDLING, [TEMPLATE_CHECK]: false, ...context },
  });
  const config = readConfig(app.node.getAllContext() as Record<string, unknown>);
  return { app, stack: new LonghaulStack(app, config.stackName, { config, processes: PROCESSES }) };
}

const templates = new Map<string, Template>();

/** The template of a context, made once. */
export function synthesise(context: Record<string, unknown> = {}): Template {
  const key = JSON.stringify(context);
  const template = templates.get(key) ?? Template.fromStack(appWith(context).stack);
  templates.set(key, template);
  return template;
}

export function resources(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** The only resource of its type whose logical id begins so. */
export function resource(template: Template, type: string, idPrefix = ''): Resource {
  const found = resources(template, type).filter(([id]) => id.startsWith(idPrefix));
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`${found.length} resources of ${type} begin with "${idPrefix}".`);
  return first[1];
}

function process(
  id: string,
  limits: Omit<DeployedProcess['limits'], 'deadlineSeconds'>,
  nativeModules: string[],
): DeployedProcess {
  const definition = defineProcess({
    id,
    version: '1.0.0',
    title: `Title of ${id}`,
    description: 'For tests of the template.',
    inputs: z.strictObject({}),
    outputs: {},
    jobControlOptions: ['async-execute'],
    limits: { ...limits, deadlineSeconds: 3600 },
    nativeModules,
    plan: async () => ({ datasets: [], toleratedFailurePercentage: 0 }),
    runChunk: async () => {
      throw new Error('A template test runs no chunk.');
    },
    finish: async () => ({ results: {}, artifacts: [] }),
  });
  return { definition, limits: definition.limits, file: new URL(`file:///processes/${id}/process.ts`) };
}
