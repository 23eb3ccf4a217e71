import { TextDecoder } from 'node:util';
import type { FoundHead } from './read-head.ts';

export interface ColumnNames {
  names: string[];
  /** What was changed of them. */
  notes: string[];
}

/**
 * Names of columns as they stand in the first row; one without a name is `field_<number>`, and of those with one name all
 * but the first get a number.
 * @param encoding of the bytes of the names
 */
export function columnNames({ columns, names }: FoundHead, encoding: string): ColumnNames {
  const notes: string[] = [];
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
  const found = Array.from({ length: columns }, (_, index) => {
    const given = names === undefined ? '' : decoder.decode(names[index]).trim();
    const name = given === '' ? `field_${index + 1}` : given;
    const unique = taken.has(name) ? uniqueName(name, taken, nextNumbers) : name;
    taken.add(unique);
    if (unique !== name) notes.push(`Column ${index + 1} has the name of another, ${name}, and is now ${unique}.`);
    else if (given === '' && names !== undefined) notes.push(`Column ${index + 1} has no name, and is now ${unique}.`);
    return unique;
  });
  return { names: found, notes: bounded(notes) };
}

function uniqueName(name: string, taken: ReadonlySet<string>, nextNumbers: Map<string, number>): string {
  // Counting on from the last one keeps thousands of equal names from being compared with each other.
  let number = nextNumbers.get(name) ?? 2;
  while (taken.has(`${name}_${number}`)) number += 1;
  nextNumbers.set(name, number + 1);
  return `${name}_${number}`;
}

/** Notes are stored with the plan: a file of hostile names shall not fill it. */
function bounded(notes: string[]): string[] {
  const MOST = 20;
  return notes.length <= MOST ? notes : [...notes.slice(0, MOST), `So are ${notes.length - MOST} more.`];
}
