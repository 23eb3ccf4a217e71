/** True under `npm run test:soak`, which runs many times as much as a push does. */
export const isSoak = process.env['LONGHAUL_SOAK'] === '1';
