import { App } from 'aws-cdk-lib';
import { LonghaulError } from '../shared/errors/longhaul-error.ts';
import { readConfig } from './config.ts';
import { deployedProcesses } from './deployed-processes.ts';
import { LonghaulStack } from './longhaul-stack.ts';

try {
  const app = new App();
  const config = readConfig(app.node.getAllContext() as Record<string, unknown>);
  const processes = await deployedProcesses(config.processes);
  new LonghaulStack(app, config.stackName, { config, processes });
} catch (error) {
  if (!(error instanceof LonghaulError)) throw error;
  console.error(`${error.code}: ${error.detail} ${error.remedy ?? ''}`);
  process.exitCode = 1;
}
