/** What a file is by its content. Containers are opened; what is in them is detected in its turn. */
export type FormatId =
  | 'gzip'
  | 'zip'
  | 'geojson'
  | 'geojson-seq'
  | 'csv'
  | 'kml'
  | 'gpx'
  | 'gml'
  | 'geopackage'
  | 'shapefile'
  | 'flatgeobuf'
  | 'geoparquet';
