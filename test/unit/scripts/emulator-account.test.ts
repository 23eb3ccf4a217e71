import { afterEach, describe, expect, it, vi } from 'vitest';
import { programEnvironment } from '../../../scripts/local/emulator-account.ts';
import { emulatorEnvironment } from '../../../scripts/local/emulator-environment.ts';

afterEach(() => vi.unstubAllEnvs());

describe('programEnvironment', () => {
  it('replaces every AWS setting of the user, so that no real account can be reached', () => {
    vi.stubEnv('AWS_PROFILE', 'production');
    vi.stubEnv('AWS_SESSION_TOKEN', 'secret');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'https://s3.example.org');
    vi.stubEnv('CDK_DEFAULT_ACCOUNT', '123456789012');
    vi.stubEnv('EDITOR', 'vi');
    const environment = programEnvironment(new URL('http://127.0.0.1:4566'), '/bin');
    expect(environment).toMatchObject({ EDITOR: 'vi', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566/', PATH: '/bin' });
    expect(Object.keys(environment)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/AWS_PROFILE|AWS_SESSION_TOKEN|AWS_ENDPOINT_URL_S3|CDK_/)]),
    );
  });
});

describe('emulatorEnvironment', () => {
  it('hands nothing of the user on to the functions', () => {
    vi.stubEnv('AWS_PROFILE', 'production');
    vi.stubEnv('API_KEY', 'secret');
    expect(Object.values(emulatorEnvironment(4566, '/state', '/tmp'))).not.toContain('secret');
    expect(Object.keys(emulatorEnvironment(4566, '/state', '/tmp'))).not.toContain('AWS_PROFILE');
  });

  it('listens on the loopback address only', () => {
    expect(emulatorEnvironment(4566, '/state', '/tmp')).toMatchObject({
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
    });
  });
});
