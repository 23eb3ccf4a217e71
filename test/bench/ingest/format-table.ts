import type { BenchInput } from './make-input.ts';
import type { MeasuredWork } from './measure-work.ts';
import type { Work } from './works.ts';

/** What became of one work. */
export interface Row extends MeasuredWork {
  work: Work;
  input: BenchInput;
}

export const TABLE_HEAD = [
  '| work | Longhaul | peer | ratio | at least | peak memory | at most | the peer’s |',
  '|---|---|---|---|---|---|---|---|',
].join('\n');

/** Speed relative to the peer, by processor time: what else runs on the machine counts little. */
export const ratioOf = ({ ours, peer }: MeasuredWork): number => peer.cpuSeconds / ours.cpuSeconds;

export const isMet = ({ work: { target }, ...measured }: Row): boolean =>
  target === undefined || (ratioOf(measured) >= target.ratio && measured.ours.peakBytes <= target.peakBytes);

/** A row of Markdown: seconds of processor time, and by the clock in brackets. */
export function formatRow({ work, input, ours, peer }: Row): string {
  const byClock = peer.seconds / ours.seconds;
  const cells = [
    `${megabytes(input.bytes)} ${work.title}`,
    seconds(ours),
    seconds(peer),
    `${ratioOf({ ours, peer }).toFixed(2)} (${byClock.toFixed(2)})`,
    work.target?.ratio ?? '–',
    megabytes(ours.peakBytes),
    work.target === undefined ? '–' : megabytes(work.target.peakBytes),
    megabytes(peer.peakBytes),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What both wrote, for a comparison. */
export const formatFiles = ({ ours, peer }: Row): string =>
  `    ${ours.features} features, ${megabytes(ours.bytes)}; the peer ${peer.features}, ${megabytes(peer.bytes)}`;

const seconds = ({ seconds, cpuSeconds }: MeasuredWork['ours']): string =>
  `${cpuSeconds.toFixed(2)} s (${seconds.toFixed(2)})`;

const megabytes = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(0)} MB`;
