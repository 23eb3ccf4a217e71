import { Command } from 'commander';
import type { ApiClient } from '../api/api-client.ts';
import type { ApiOptions } from '../api/connection.ts';
import { describeProcess } from '../api/describe-process.ts';
import { jobStatusSchema } from '../api/job-status.ts';
import { parseAnswer } from '../api/parse-answer.ts';
import { estimateSchema, estimateText } from '../output/estimate-text.ts';
import { writeJson, writeLine } from '../output/text.ts';
import type { Cli } from '../context.ts';
import { addApiOptions, connect } from './api-command.ts';
import { printSubmitted } from './print-submitted.ts';
import { processCommand } from './process-command.ts';
import { addSubmissionOptions, idempotencyHeaders, type SubmissionOptions } from './submission-options.ts';

interface InputsOptions extends ApiOptions {
  inputs?: string;
}

interface SubmitOptions extends SubmissionOptions, InputsOptions {
  tag?: string[];
}

type Execute<Options> = (
  client: ApiClient,
  processId: string,
  inputs: Record<string, unknown>,
  options: Options,
) => Promise<void>;

/** `longhaul submit <process>` and `estimate <process>`: their options come from the API's process description. */
export function addRemoteProcessCommands(program: Command, { context, finish }: Cli): void {
  const add = <Options extends InputsOptions>(
    name: string,
    summary: string,
    addOptions: (command: Command) => Command,
    execute: Execute<Options>,
  ): void => {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${sentence(summary)} The options of a process come from the description that the API gives of it.`)
      .usage('<process> [options]')
      .argument('<process>', 'id of a process')
      .argument('[options...]', `its inputs and more: longhaul ${name} <process> --help lists them`)
      .passThroughOptions()
      .action(async (id: string, rest: string[]) => {
        const client = await connect(context, apiOptionsOf(rest));
        const { description, inputs } = await describeProcess(client, id);
        const own = processCommand<Options>({
          name: `longhaul ${name} ${id}`,
          description,
          inputs,
          folder: context.folder,
          addOptions: (child) => addApiOptions(addOptions(child.option('--inputs <file>', INPUTS_HELP))),
          execute: (given, options) => execute(client, id, given, options),
        });
        await own.copyInheritedSettings(command).parseAsync(rest, { from: 'user' });
      });
  };

  add<SubmitOptions>('submit', 'submit a job', addSubmitOptions, async (client, id, inputs, options) => {
    const path = `processes/${encodeURIComponent(id)}/execution`;
    const tags = options.tag === undefined ? {} : { tags: options.tag };
    const { json } = await client.ask({
      method: 'POST',
      path,
      headers: { prefer: 'respond-async', ...idempotencyHeaders(context, options) },
      body: { inputs, response: 'document', ...tags },
    });
    finish(await printSubmitted(context, client, parseAnswer(jobStatusSchema, json, path), options));
  });

  add<InputsOptions>(
    'estimate',
    'say what a job would do, and what it would cost',
    (child) => child,
    async (client, id, inputs, options) => {
      const path = `processes/${encodeURIComponent(id)}/estimate`;
      const { json } = await client.ask({ method: 'POST', path, body: { inputs } });
      if (options.json === true) writeJson(context.out, json);
      else writeLine(context.out, estimateText(parseAnswer(estimateSchema, json, path)));
    },
  );
}

/** `submit a job` → `Submit a job.` */
const sentence = (summary: string): string => `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;

const INPUTS_HELP = 'all inputs as a JSON file; options win over it';

const addSubmitOptions = (command: Command): Command =>
  addSubmissionOptions(command).option('--tag <tag...>', 'words to find the job by');

/** The API has to be known before its description says which other options there are. */
function apiOptionsOf(rest: readonly string[]): ApiOptions {
  const command = addApiOptions(new Command()).allowUnknownOption().allowExcessArguments().helpOption(false);
  return command.parse([...rest], { from: 'user' }).opts<ApiOptions>();
}
