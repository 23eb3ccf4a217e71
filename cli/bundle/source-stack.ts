import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A place of a stack trace in a file of the bundle: line and column from 1. */
const PLACE = /(file:\/\/[^\s()]+\.cjs):(\d+):(\d+)/g;

/**
 * A stack trace with places in the sources, as far as it names places in a file with a source map beside it. Node would read
 * the maps at each start.
 */
export function sourceStack(stack: string): string {
  return stack.replaceAll(PLACE, (place, url: string, line: string, column: string) => {
    const file = `${fileURLToPath(url)}.map`;
    if (!existsSync(file)) return place;
    const map = new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
    const origin = map.findOrigin(Number(line), Number(column));
    return 'fileName' in origin
      ? `${new URL(origin.fileName, url).href}:${origin.lineNumber}:${origin.columnNumber}`
      : place;
  });
}
