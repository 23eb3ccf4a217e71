import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { Port } from './port.ts';

/** Last lines of a program's output that an error quotes. */
const QUOTED_LINES = 15;

function lastLines(text: string): string {
  const lines = text.trimEnd().split('\n').slice(-QUOTED_LINES);
  return lines.map((line) => `\n    ${line}`).join('');
}

export const portTaken = ({ number, setting }: Port, cause: unknown) =>
  new LonghaulError({
    code: 'port-taken',
    retryable: false,
    detail: `Port ${number} of 127.0.0.1, for ${setting.purpose}, is taken by another program.`,
    remedy: `Stop that program, or choose another port with ${setting.option} <port> or ${setting.variable}=<port>.`,
    cause,
  });

export const programNotStarted = (program: string, cause: unknown) =>
  new LonghaulError({
    code: 'program-not-started',
    retryable: false,
    detail: `${program} could not be started: ${cause instanceof Error ? cause.message : String(cause)}.`,
    remedy: `Check that ${program} is there and may be run.`,
    cause,
  });

export const programTimedOut = (program: string, limitMs: number, output: string) =>
  new LonghaulError({
    code: 'program-timed-out',
    retryable: true,
    detail: `${program} did not end within ${limitMs / 1000} s. Its last lines:${lastLines(output)}`,
    remedy: 'Run the command again; when it ends like this twice, remove the folder .longhaul.',
    limit: limitMs / 1000,
  });

export const pythonEnvironmentFailed = (step: string, output: string) =>
  new LonghaulError({
    code: 'python-environment-failed',
    retryable: true,
    detail: `${step} failed. Its last lines:${lastLines(output)}`,
    remedy: 'Check the connection to the Python package index, remove the folders .longhaul/venv*, and run it again.',
  });

export const localCloudNotReady = (reason: string, log: string, logFile: string) =>
  new LonghaulError({
    code: 'local-cloud-not-ready',
    retryable: true,
    detail: `The local cloud ${reason}. The last lines of ${logFile}:${lastLines(log)}`,
    remedy: 'Remove the folder .longhaul (it holds nothing but the local cloud) and run the command again.',
  });

export const deployFailed = (step: string, output: string) =>
  new LonghaulError({
    code: 'deploy-failed',
    retryable: false,
    detail: `${step} failed. Its last lines:${lastLines(output)}`,
    remedy: 'Mend what the lines name; when they name nothing of yours, remove the folder .longhaul and run again.',
  });

export const stackOutputsInvalid = (detail: string) =>
  new LonghaulError({
    code: 'stack-outputs-invalid',
    retryable: false,
    detail: `The outputs of the deployed stack are not what the scripts expect: ${detail}.`,
    remedy: 'Compare the outputs of infra/ with scripts/local/stack-outputs.ts.',
  });

export const emulatorRefused = (action: string, status: number, body: string) =>
  new LonghaulError({
    code: 'local-cloud-refused',
    retryable: false,
    detail: `The local cloud answered ${status} to ${action}: ${body}`,
    remedy: 'See .longhaul/<name>/emulator.log.',
    actual: status,
  });
