import type { Outbound, OutboundOptions } from './create-outbound.ts';

/** A client that is loaded and made with the first request: whoever asks nobody does not wait for it. */
export function createDeferredOutbound(options: OutboundOptions): Outbound {
  let made: Promise<Outbound> | undefined;
  const make = async (): Promise<Outbound> => (await import('./create-outbound.ts')).createOutbound(options);
  return {
    async fetch(url, request) {
      made ??= make();
      return (await made).fetch(url, request);
    },
    async close() {
      await (await made)?.close();
    },
  };
}
