import type { CatalogueArea, CatalogueEntry, Family } from './catalogue.ts';

const INTRODUCTION = `# Errors

Every error that Longhaul raises on purpose, read from the code by \`npm run docs:errors\`; do not edit this page.
Anything else that is thrown is a defect: it is answered with \`internal-error\`, or recorded as \`unexpected-error\`.

There are two families. A **retryable** error ends this attempt, and another follows. A **final** error ends what it
names: the unit, the chunk, the job or the request. A **recorded reason** is what a job, a message or a list of errors
keeps of something that has ended. An ellipsis stands for a value of the case.

A code **of a feature** stands in the list of errors of a job that ingests, or among the \`notes\` of its report: it ends
nothing. The note \`source\` tells of a source or layer as a whole.`;

/** What the system does next. */
const NEXT: Readonly<Record<Family, string>> = {
  retryable:
    'this attempt ends and another follows, after a growing delay, until the attempts are used up; a request may be sent again.',
  platform: 'this delivery ends and the same attempt follows: it spends none. A request may be sent again.',
  final: 'the unit, chunk, job or request ends; the same again gives the same.',
  record: 'nothing more: what it is about has ended.',
  'told-by-answer': 'the command ends; it may be given again after 429 or 5xx.',
  feature:
    'in the list of errors: the feature is left out and counted as rejected; in the notes: it is published, as the sentence says.',
};

const FAMILY_NAMES: Readonly<Record<Family, string>> = {
  retryable: 'retryable',
  platform: 'retryable',
  final: 'final',
  record: 'recorded reason',
  'told-by-answer': 'retryable or final, as the answer says',
  feature: 'of a feature',
};

/** What is done about an error that names no remedy of its own. */
const USUAL_REMEDY: Readonly<Record<Family, string>> = {
  retryable: 'Nothing: it is tried again.',
  platform: 'Nothing: it is tried again.',
  final: 'Correct what the sentence names.',
  record: 'Read the errors of the job and its logs, mend the cause, and retry the job.',
  'told-by-answer': 'Follow what the answer says.',
  feature: 'Mend the feature in the source, or allow for it with `toleratedRejects`; a note asks for nothing.',
};

const FIRST_SERVER_STATUS = 500;

/** The page, in Markdown. */
export function renderCatalogue(areas: readonly CatalogueArea[]): string {
  const count = areas.reduce((sum, { entries }) => sum + entries.length, 0);
  const sections = areas.map(({ title, entries }) => [`## ${title}`, ...entries.map(renderEntry)].join('\n\n'));
  return `${[INTRODUCTION, `${count} codes.`, ...sections].join('\n\n')}\n`;
}

function renderEntry({ code, families, status, details, remedies, files }: CatalogueEntry): string {
  const says = details.length === 0 ? ['What is wrong, in words of the case.'] : details;
  return [
    `### \`${code}\``,
    '',
    ...list('Says', says),
    `- **Family:** ${families.map((name) => FAMILY_NAMES[name]).join(', or ')}${status === undefined ? '' : `, HTTP ${status}`}`,
    ...list(
      'What happens next',
      families.map((family) => NEXT[family]),
    ),
    ...list('What you do', remedies.length === 0 ? families.map((family) => usualRemedy(family, status)) : remedies),
    `- **Raised in:** ${files.map((file) => `\`${file}\``).join(', ')}`,
  ].join('\n');
}

function usualRemedy(family: Family, status: number | undefined): string {
  const isDefect = family === 'final' && status !== undefined && status >= FIRST_SERVER_STATUS;
  return isDefect ? 'Report it, with the sentence and the logs: it is a defect of ours.' : USUAL_REMEDY[family];
}

function list(label: string, sentences: readonly string[]): string[] {
  const [only] = sentences;
  if (sentences.length === 1 && only !== undefined) return [`- **${label}:** ${escaped(only)}`];
  return [`- **${label}:**`, ...sentences.map((sentence) => `  - ${escaped(sentence)}`)];
}

/** Marks of Markdown outside of code as the characters that they are. */
function escaped(sentence: string): string {
  return sentence
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replace(/[\\<>*_[\]]/g, '\\$&') : part))
    .join('`');
}
