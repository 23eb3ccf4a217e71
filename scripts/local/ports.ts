import { createServer } from 'node:net';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { portTaken } from './errors.ts';
import type { Port, PortSetting } from './port.ts';

/** The only address that anything of the local cloud listens on. */
export const LOOPBACK = '127.0.0.1';

/** The two ports of a local stack: the emulator's, and that of the API and the map in front of it. */
export interface PortSettings {
  cloud: PortSetting;
  web: PortSetting;
}

const cloud = { purpose: 'the local cloud', option: '--cloud-port' };
const web = { purpose: 'the API and the map', option: '--port' };

/** Of `npm start`. */
export const START_PORTS: PortSettings = {
  cloud: { ...cloud, variable: 'LONGHAUL_CLOUD_PORT', usual: 4566 },
  web: { ...web, variable: 'LONGHAUL_PORT', usual: 8787 },
};

/** Of `npm test`, which may run while the other is up. */
export const TEST_PORTS: PortSettings = {
  cloud: { ...cloud, variable: 'LONGHAUL_TEST_CLOUD_PORT', usual: 4567 },
  web: { ...web, variable: 'LONGHAUL_TEST_PORT', usual: 8788 },
};

/**
 * Reads a port from its option or else its variable.
 * @throws LonghaulError `port-invalid` unless it is a whole number of 1024 … 65535
 */
export function choosePort(setting: PortSetting, option: string | undefined): Port {
  const text = option ?? process.env[setting.variable];
  if (text === undefined) return { number: setting.usual, setting };
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1024 && number <= 65_535) return { number, setting };
  throw new LonghaulError({
    code: 'port-invalid',
    retryable: false,
    detail: `${text} is not a port for ${setting.purpose}.`,
    remedy: `Give ${setting.option} or ${setting.variable} a whole number from 1024 to 65535.`,
  });
}

/** The origin that is served on a port. */
export function originOf(port: Port): URL {
  return new URL(`http://${LOOPBACK}:${port.number}`);
}

/** @throws LonghaulError `port-taken` that names the port and what changes it */
export async function assertPortFree(port: Port): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port.number, LOOPBACK, resolve);
    });
  } catch (error) {
    throw portTaken(port, error);
  }
  await new Promise((resolve) => server.close(resolve));
}
