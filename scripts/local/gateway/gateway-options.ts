export interface GatewayOptions {
  /** A port of 127.0.0.1. */
  port: number;
  /** The API as it is reached directly; ends in a slash. */
  api: URL;
  /** Reads the datasets for the map; a caller of the API brings its own. */
  token: string;
  tenant: string;
}
