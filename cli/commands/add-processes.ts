import type { Command } from 'commander';
import { processDescription } from '../../functions/api/documents/process-description.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import { describeLimits, valuePlaceholder } from '../inputs/describe-schema.ts';
import { kebab } from '../inputs/input-options.ts';
import { loadProcesses } from '../load-processes.ts';
import { writeJson, writeLine } from '../output/text.ts';
import type { Cli } from '../context.ts';

/** `longhaul processes` */
export function addProcesses(program: Command, { context }: Cli): void {
  program
    .command('processes')
    .summary('list the processes and their inputs')
    .description(
      'Lists the processes of this installation: one for each folder with a process.ts below shared/processes and the ' +
        'folders that LONGHAUL_PROCESS_FOLDERS names, separated by commas.',
    )
    .option('--json', 'print the process descriptions as JSON')
    .action(async ({ json }: { json?: true }) => {
      const processes = await loadProcesses();
      if (json === true) writeJson(context.out, { processes: processes.map((each) => processDescription(each, [])) });
      else for (const process of processes) writeLine(context.out, textOf(process));
    });
}

function textOf(process: ProcessDefinition): string {
  const { id, version, title, description, inputs } = processDescription(process, []);
  const lines = Object.entries(inputs).map(([name, input]) => {
    const remarks = [...(input.minOccurs > 0 ? ['required'] : []), ...describeLimits(input.schema)];
    const more = remarks.length === 0 ? '' : ` (${remarks.join('; ')})`;
    return `    --${kebab(name)} <${valuePlaceholder(input.schema)}>  ${input.title}${more}`;
  });
  return [`${id} ${version}: ${title}`, `  ${description}`, ...lines, ''].join('\n');
}
