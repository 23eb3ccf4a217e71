import path from 'node:path';
import { LOOPBACK } from './ports.ts';
import { PROJECT_FOLDER, searchPath } from './project-folders.ts';

/** Seconds that an idle function worker is kept. */
const WARM_SECONDS = '60';

/**
 * The whole environment of the emulator, and with it of every function that it runs: it hands its own on to them, so
 * nothing of the user's environment may be in it.
 */
export function emulatorEnvironment(port: number, folder: string, temporary: string): Record<string, string> {
  return {
    PATH: searchPath(),
    HOME: temporary,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    // CDK's own custom resources need an SDK where AWS brings one.
    NODE_PATH: path.join(PROJECT_FOLDER, 'node_modules'),
    GATEWAY_PORT: String(port),
    BIND_HOST: LOOPBACK,
    // Else queue URLs say `localhost`, and the SQS client warns twice per call.
    MINISTACK_HOST: LOOPBACK,
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    LAMBDA_WARM_TTL_SECONDS: WARM_SECONDS,
    PERSIST_STATE: '1',
    STATE_DIR: path.join(folder, 'state'),
    S3_PERSIST: '1',
    S3_DATA_DIR: path.join(folder, 'state', 's3'),
  };
}
