import type { Port } from '../port.ts';

export interface GatewayOptions {
  port: Port;
  /** The API as it is reached directly; ends in a slash. */
  api: URL;
  /** Reads the datasets for the map; a caller of the API brings its own. */
  token: string;
  tenant: string;
}
