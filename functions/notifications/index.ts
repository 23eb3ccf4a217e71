import { presignDownload } from '../../shared/aws/presign.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { createOutbound } from '../../shared/http/outbound/create-outbound.ts';
import { createEnginePlatform } from '../engine-platform.ts';
import { createHandler } from './create-handler.ts';

const { platform, s3 } = createEnginePlatform('notifications', process.env);
const { PUBLIC_URL: root } = readEnvironment(['PUBLIC_URL'], process.env);

export const handler = createHandler({
  platform,
  outbound: createOutbound({ clock: platform.clock }),
  presign: async (url) => (await presignDownload(s3, url)).href,
  root,
});
