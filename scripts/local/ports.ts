import { createServer } from 'node:net';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { portTaken, type PortSetting } from './errors.ts';

/** The only address that anything of the local cloud listens on. */
export const LOOPBACK = '127.0.0.1';

export const CLOUD_PORT: PortSetting & { fallback: number } = {
  purpose: 'the local cloud',
  option: '--cloud-port',
  variable: 'LONGHAUL_CLOUD_PORT',
  fallback: 4566,
};

export const WEB_PORT: PortSetting & { fallback: number } = {
  purpose: 'the API and the map',
  option: '--port',
  variable: 'LONGHAUL_PORT',
  fallback: 8787,
};

/**
 * Reads a port from its option or else its variable.
 * @throws LonghaulError `port-invalid` unless it is a whole number of 1024 … 65535
 */
export function choosePort(setting: PortSetting & { fallback: number }, option: string | undefined): number {
  const text = option ?? process.env[setting.variable];
  if (text === undefined) return setting.fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1024 && port <= 65_535) return port;
  throw new LonghaulError({
    code: 'port-invalid',
    retryable: false,
    detail: `${text} is not a port for ${setting.purpose}.`,
    remedy: `Give ${setting.option} or ${setting.variable} a whole number from 1024 to 65535.`,
  });
}

/** @throws LonghaulError `port-taken` that names the port and what changes it */
export async function assertPortFree(port: number, setting: PortSetting): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, LOOPBACK, resolve);
    });
  } catch (error) {
    throw portTaken(port, setting, error);
  }
  await new Promise((resolve) => server.close(resolve));
}
