import type { Command } from 'commander';
import type { ApiOptions } from '../api/connection.ts';
import { writeJson, writeLine } from '../output/text.ts';
import type { Cli } from '../context.ts';
import { addApiOptions, connect, jobPath } from './api-command.ts';

const NO_CONTENT = 204;

/** `longhaul results <job>` */
export function addResults(program: Command, { context }: Cli): void {
  const command = program
    .command('results')
    .summary('print the results of a job')
    .description(
      'Prints the results of a job, in the form that its request asked for. Links to files can be fetched for a ' +
        'limited time: longhaul results JOB, then curl.',
    )
    .argument('<job>', 'id of a job');
  addApiOptions(command).action(async (jobId: string, options: ApiOptions) => {
    const client = await connect(context, options);
    const answer = await client.ask({ path: jobPath(jobId, '/results') });
    if (answer.status === NO_CONTENT) {
      // Results by reference are links in the header (OGC 18-062r2, table 11).
      const links = linksOf(answer.headers.get('link') ?? '');
      if (options.json === true) writeJson(context.out, links);
      else for (const { title, href } of links) writeLine(context.out, `${title}  ${href}`);
    } else if (answer.json !== undefined) writeJson(context.out, answer.json);
    else context.out.write(answer.bytes);
  });
}

/** `<https://…>; rel="…"; title="tilesets", …` as `linkHeader` writes it. */
const linksOf = (header: string): { title: string; href: string }[] =>
  [...header.matchAll(/<([^>]*)>([^<]*)/g)].map(([, href = '', parameters = '']) => ({
    title: /title="([^"]*)"/.exec(parameters)?.[1] ?? '',
    href,
  }));
