import { readdirSync, readFileSync } from 'node:fs';

export interface CapturedEvent<Event, Expected> {
  name: string;
  event: Event;
  expected: Expected;
}

/** The events of a folder of `events/`, each with what is expected of it. */
export function capturedEvents<Event, Expected>(folder: string): CapturedEvent<Event, Expected>[] {
  const url = new URL(`../../../events/${folder}/`, import.meta.url);
  const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, url), 'utf8')) as T;
  return readdirSync(url)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .map((name) => ({ name, event: read(`${name}.json`), expected: read(`${name}.expected.json`) }));
}
