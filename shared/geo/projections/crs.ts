/** A coordinate reference system with x = easting or longitude and y = northing or latitude. */
export interface SourceCrs {
  /** Code of the EPSG register; absent when it is described by parameters that no CRS of the register has. */
  readonly epsg?: number;
  readonly name: string;
  /** PROJ string that proj4 takes. */
  readonly proj4: string;
  /** Whether its coordinates are longitude and latitude in degrees. */
  readonly geographic: boolean;
  /** What is known about the error of its datum shift to WGS 84, when that is more than a metre. */
  readonly accuracy?: string;
}

/** A CRS of the EPSG register. */
export interface Crs extends SourceCrs {
  readonly epsg: number;
}
