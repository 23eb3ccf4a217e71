import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assertPortFree, choosePort, LOOPBACK, START_PORTS, TEST_PORTS } from '../../../scripts/local/ports.ts';

const WEB = START_PORTS.web;

afterEach(() => vi.unstubAllEnvs());

describe('choosePort', () => {
  it('takes the option before the variable before the fallback', () => {
    vi.stubEnv('LONGHAUL_PORT', '9001');
    expect(choosePort(WEB, '9000').number).toBe(9000);
    expect(choosePort(WEB, undefined).number).toBe(9001);
    vi.stubEnv('LONGHAUL_PORT', undefined);
    expect(choosePort(WEB, undefined).number).toBe(8787);
  });

  it.each(['', '80', '65536', '8787.5', '0x2000', 'eighty'])('refuses %j and says what is possible', (text) => {
    expect(() => choosePort(WEB, text)).toThrow(expect.objectContaining({ code: 'port-invalid' }));
  });
});

describe('TEST_PORTS', () => {
  it('are others than those of npm start, so that both may be up', () => {
    const ports = [START_PORTS, TEST_PORTS].flatMap(({ cloud, web }) => [cloud, web]);
    expect(new Set(ports.map(({ usual }) => usual)).size).toBe(4);
    expect(new Set(ports.map(({ variable }) => variable)).size).toBe(4);
  });
});

describe('assertPortFree', () => {
  it('names a port that is taken and what changes it', async () => {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(assertPortFree({ number: port, setting: WEB })).rejects.toMatchObject({
      code: 'port-taken',
      detail: expect.stringContaining(`Port ${port} of 127.0.0.1`) as string,
      remedy: expect.stringMatching(/--port <port> or LONGHAUL_PORT=<port>/) as string,
    });
    server.close();
    await once(server, 'close');
    await expect(assertPortFree({ number: port, setting: WEB })).resolves.toBeUndefined();
  });
});
