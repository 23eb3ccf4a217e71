import { InvalidArgumentError, type Command } from 'commander';
import type { ApiClient } from '../api/api-client.ts';
import type { ApiOptions } from '../api/connection.ts';
import { describeProcess } from '../api/describe-process.ts';
import { parseAnswer } from '../api/parse-answer.ts';
import type { Cli, CliContext } from '../context.ts';
import { optionInvalid } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { collectInputs } from '../inputs/collect-inputs.ts';
import { ByteProgress } from '../output/byte-progress.ts';
import { formatBytes, writeJson, writeLine } from '../output/text.ts';
import { openLocalFile } from '../uploads/local-file.ts';
import { FileSender, type SendOptions } from '../uploads/send-file.ts';
import { uploadPath, uploadSchema, type UploadStatus } from '../uploads/upload-status.ts';
import { addApiOptions, connect } from './api-command.ts';
import { finishWatching } from './finish-watching.ts';
import { processCommand } from './process-command.ts';

const MIB = 1024 * 1024;
const MAX_PARALLEL = 32;
const MAX_PART_MIB = 5 * 1024;
const MIN_PART_MIB = 5;
const SECOND = 1_000;
/** The event of the bucket starts the job: it comes within seconds. */
const JOB_WAIT = 2 * SECOND;
const JOB_LOOKS = 60;

interface UploadOptions extends ApiOptions {
  contentType: string;
  parallel: number;
  partSize?: number;
  process?: string;
  inputs?: string;
  new?: true;
  watch?: true;
}

/** `longhaul upload` and `delete-upload` */
export function addUploadCommands(program: Command, { context, finish }: Cli): void {
  addUploadOptions(program.command('upload'))
    .summary('upload a file, and start a job with it')
    .description(
      'Uploads a file, in parts when it is large. After Ctrl+C, or when the network failed, the same command goes on where it ' +
        'stopped: parts that have arrived are not sent again. With --process a job is started with the file.',
    )
    .usage('<file> [options]')
    .argument('<file>', 'a file of this machine')
    .argument('[inputs...]', 'inputs of the process as options: longhaul submit <process> --help lists them')
    .allowUnknownOption()
    .action(async (path: string, rest: string[], options: UploadOptions, command: Command) => {
      finish(await upload(context, path, { rest, options, command }));
    });

  addApiOptions(
    program
      .command('delete-upload')
      .summary('give an upload up, or remove its file')
      .description('Gives an upload up, or removes its file; its bytes count no more.')
      .argument('<upload>', 'id of an upload: longhaul uploads lists them'),
  ).action(async (uploadId: string, options: ApiOptions) => {
    const client = await connect(context, options);
    const { json } = await client.ask({ method: 'DELETE', path: uploadPath(uploadId) });
    printUpload(context, parseAnswer(uploadSchema, json, uploadPath(uploadId)), options.json === true);
  });
}

function addUploadOptions(command: Command): Command {
  return addApiOptions(
    command
      .option('--process <id>', 'process that is executed with the file as its first source')
      .option('--inputs <file>', 'further inputs of the process, as a JSON file; options win over it')
      .option('--content-type <type>', 'media type that the file is stored with', 'application/octet-stream')
      .option('--part-size <MiB>', 'size of each part; by default chosen by the size of the file', readPartSize)
      .option('--parallel <n>', `parts that are sent at once, 1 to ${MAX_PARALLEL}`, readParallel, 4)
      .option('--new', 'another upload even when this file was uploaded within 24 h')
      .option('--watch', 'show the progress of the job until it has ended'),
  );
}

/** What the command line says beside the file. */
interface Given {
  /** What is no option of the command: inputs of the process. */
  rest: readonly string[];
  options: UploadOptions;
  command: Command;
}

async function upload(context: CliContext, path: string, given: Given): Promise<ExitCode> {
  const { options } = given;
  if (path.startsWith('-')) throw optionInvalid(path, 'it stands before the file', 'Name the file first.');
  const file = await openLocalFile(path, context.folder);
  requireProcess(given);
  const client = await connect(context, options);
  const sendOptions = await readSendOptions(context, client, given);
  const progress = new ByteProgress(context.err, context.clock);
  let sent: UploadStatus;
  try {
    sent = await new FileSender(context, client, progress).send(file, sendOptions);
  } catch (error) {
    if (context.signal.aborted) writeLine(context.err, 'The upload can go on: the same command resumes it.');
    throw error;
  } finally {
    progress.stop();
  }
  if (sent.state === 'stored' && options.process !== undefined) sent = await jobStarted(context, client, sent);
  if (options.watch === true && sent.jobID !== undefined) {
    writeLine(context.err, `Upload ${sent.uploadID} is stored; job ${sent.jobID} works on it.`);
    return finishWatching(context, client, sent.jobID, options.json === true);
  }
  printUpload(context, sent, options.json === true);
  if (sent.jobID !== undefined) writeLine(context.err, `Progress: longhaul watch ${sent.jobID}`);
  return sent.state === 'stored' && sent.failure === undefined ? EXIT.succeeded : EXIT.failed;
}

/** @throws UsageError `option-invalid` for what only a process takes, where there is none */
function requireProcess({ rest, options: { process, inputs, watch } }: Given): void {
  if (process !== undefined) return;
  const remedy = 'Give --process as well; --help says what else there is.';
  if (rest[0] !== undefined) throw optionInvalid(rest[0], 'there is no process that would take it', remedy);
  if (inputs !== undefined) throw optionInvalid('--inputs', 'there is no process that would take them', remedy);
  if (watch === true) throw optionInvalid('--watch', 'no job is started', remedy);
}

async function readSendOptions(context: CliContext, client: ApiClient, given: Given): Promise<SendOptions> {
  const { contentType, parallel, partSize, process } = given.options;
  return {
    contentType,
    parallel,
    isNew: given.options.new === true,
    ...(partSize === undefined ? {} : { partBytes: partSize * MIB }),
    ...(process === undefined ? {} : { job: { process, inputs: await readInputs(context, client, process, given) } }),
  };
}

/** Inputs beside the file: only for those that are options the description of the process is asked for. */
async function readInputs(
  { folder }: CliContext,
  client: ApiClient,
  process: string,
  { rest, options: { inputs: inputsFile }, command }: Given,
): Promise<Record<string, unknown>> {
  let inputs: Record<string, unknown> = {};
  if (rest.length === 0) return collectInputs([], {}, inputsFile, folder);
  const described = await describeProcess(client, process);
  const own = processCommand<UploadOptions>({
    name: 'longhaul upload',
    description: described.description,
    inputs: described.inputs,
    folder,
    addOptions: addUploadOptions,
    execute: async (collected) => {
      inputs = collected;
    },
  });
  const file = inputsFile === undefined ? [] : ['--inputs', inputsFile];
  await own.copyInheritedSettings(command).parseAsync([...rest, ...file], { from: 'user' });
  return inputs;
}

/** Looks until the job of a stored upload is started, or it is said why it was not. */
async function jobStarted(context: CliContext, client: ApiClient, stored: UploadStatus): Promise<UploadStatus> {
  const path = uploadPath(stored.uploadID);
  let upload = stored;
  for (let look = 0; look < JOB_LOOKS && upload.jobID === undefined && upload.failure === undefined; look++) {
    const { json } = await client.ask({ path });
    upload = parseAnswer(uploadSchema, json, path);
    if (upload.jobID === undefined && upload.failure === undefined) await context.clock.sleep(JOB_WAIT, context.signal);
  }
  if (upload.jobID === undefined && upload.failure === undefined) {
    writeLine(context.err, `The job is not started yet; longhaul uploads shows it when it is.`);
  }
  return upload;
}

function printUpload({ out }: CliContext, upload: UploadStatus, json: boolean): void {
  if (json) {
    writeJson(out, upload);
    return;
  }
  const { uploadID, state, fileName, bytes, format, source, jobID, failure } = upload;
  const lines = [
    `Upload ${uploadID} is ${state}: ${fileName}, ${formatBytes(bytes)}${format === undefined ? '' : `, ${format}`}`,
    ...(source === undefined ? [] : [`Source: ${source}`]),
    ...(jobID === undefined ? [] : [`Job: ${jobID}`]),
    ...(failure === undefined
      ? []
      : [`${failure.code}: ${failure.detail}`, ...(failure.remedy === undefined ? [] : [failure.remedy])]),
  ];
  writeLine(out, lines.join('\n'));
}

function readPartSize(text: string): number {
  return readInteger(text, MIN_PART_MIB, MAX_PART_MIB);
}

function readParallel(text: string): number {
  return readInteger(text, 1, MAX_PARALLEL);
}

function readInteger(text: string, low: number, high: number): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= low && Number(text) <= high) return Number(text);
  throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
}
