/** CRS of the coordinates of an output. */
export interface OutputCrs {
  authority: 'OGC' | 'EPSG';
  /** `CRS84` of the OGC, or the code of the EPSG register. */
  code: string;
  /** As people call it. */
  name: string;
  /** PROJJSON, which GeoParquet needs of any but OGC:CRS84. */
  projjson?: Readonly<Record<string, unknown>>;
}

/** WGS 84, longitude and latitude. */
export const CRS84: OutputCrs = { authority: 'OGC', code: 'CRS84', name: 'WGS 84 longitude-latitude' };

export function isCrs84({ authority, code }: OutputCrs): boolean {
  return authority === 'OGC' && code === 'CRS84';
}
