import { createUploadPlatform } from '../upload-platform.ts';
import { createHandler } from './create-handler.ts';

const { platform } = createUploadPlatform('uploads', process.env);

export const handler = createHandler(platform);
