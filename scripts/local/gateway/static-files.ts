import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PROJECT_FOLDER } from '../project-folders.ts';

export interface StaticFile {
  file: string;
  type: string;
}

const VIEWER = path.join(PROJECT_FOLDER, 'scripts', 'local', 'viewer');
const PACKAGES = path.join(PROJECT_FOLDER, 'node_modules');

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** All that is served: a path that is not here does not exist. */
const FILES: Record<string, StaticFile> = {
  '/map/': { file: path.join(VIEWER, 'index.html'), type: HTML },
  '/map/viewer.js': { file: path.join(VIEWER, 'viewer.js'), type: SCRIPT },
  '/map/graticule.js': { file: path.join(VIEWER, 'graticule.js'), type: SCRIPT },
  '/map/viewer.css': { file: path.join(VIEWER, 'viewer.css'), type: STYLE },
  '/map/lib/maplibre-gl.css': { file: path.join(PACKAGES, 'maplibre-gl/dist/maplibre-gl.css'), type: STYLE },
  '/map/lib/maplibre-gl.mjs': { file: path.join(PACKAGES, 'maplibre-gl/dist/maplibre-gl.mjs'), type: SCRIPT },
  '/map/lib/maplibre-gl-worker.mjs': {
    file: path.join(PACKAGES, 'maplibre-gl/dist/maplibre-gl-worker.mjs'),
    type: SCRIPT,
  },
  '/map/lib/pmtiles.js': { file: path.join(PACKAGES, 'pmtiles/dist/pmtiles.js'), type: SCRIPT },
};

/** Nothing from outside, nothing inline. Decoded images and icons of the map are `blob:` and `data:`. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function findStaticFile(pathname: string): StaticFile | undefined {
  return Object.hasOwn(FILES, pathname) ? FILES[pathname] : undefined;
}

export async function sendStaticFile(response: ServerResponse, { file, type }: StaticFile, headOnly: boolean) {
  const { size } = await stat(file);
  response.writeHead(200, {
    'content-type': type,
    'content-length': size,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  });
  if (headOnly) response.end();
  else await pipeline(createReadStream(file), response);
}
