import type { TextStream } from '../context.ts';

/** Writes a line. Control characters, which could change what a terminal shows, are replaced. */
export function writeLine(stream: TextStream, text = ''): void {
  stream.write(`${plain(text)}\n`);
}

/** Writes a value as one indented JSON document. */
export function writeJson(stream: TextStream, value: unknown): void {
  writeLine(stream, JSON.stringify(value, undefined, 2));
}

/** Text without control characters (Unicode category Cc), but for tab and line feed. */
export const plain = (text: string): string => text.replace(/(?![\t\n])\p{Cc}/gu, '\uFFFD');

const KILO = 1000;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `1234567` → `1.2 MB`: decimal units. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= KILO && unit < BYTE_UNITS.length - 1) {
    value /= KILO;
    unit++;
  }
  return `${formatCount(Number(value.toPrecision(value < 10 ? 2 : 3)))} ${BYTE_UNITS[unit]}`;
}

/** `12345` → `12,345`. Without `Intl`, which takes 20 ms to be there. */
export const formatCount = (count: number): string => String(count).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** `75` → `1 min 15 s`. @param seconds rounded up */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${whole % MINUTE} s`;
  return `${Math.floor(whole / HOUR)} h ${Math.floor((whole % HOUR) / MINUTE)} min`;
}

/** `1 unit`, `1,365 units`. */
export const formatNumberOf = (count: number, word: string): string =>
  `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
