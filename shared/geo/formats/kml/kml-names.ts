/** Local names of KML 2.0–2.3 and its Google extensions that the reader knows; files write them in any case. */
export const KML_NAMES = [
  ...['kml', 'Document', 'Folder', 'Placemark', 'Schema', 'SimpleField', 'SimpleArrayField', 'displayName'],
  ...['name', 'description', 'visibility', 'open', 'address', 'phoneNumber', 'Snippet', 'styleUrl'],
  ...['TimeStamp', 'TimeSpan', 'when', 'begin', 'end'],
  ...['ExtendedData', 'Data', 'value', 'SchemaData', 'SimpleData', 'SimpleArrayData'],
  ...['Point', 'LineString', 'LinearRing', 'Polygon', 'MultiGeometry', 'MultiTrack', 'Track', 'Model'],
  ...['coordinates', 'outerBoundaryIs', 'innerBoundaryIs', 'coord', 'angles'],
  ...['altitudeMode', 'tessellate', 'extrude'],
  ...['NetworkLink', 'GroundOverlay', 'ScreenOverlay', 'PhotoOverlay', 'Tour'],
  ...['Style', 'StyleMap', 'LookAt', 'Camera', 'Region'],
];

/** Elements among Placemarks that are noted and not read: nothing that they name is ever fetched. */
export const LEFT_OUT_FEATURES: ReadonlySet<string> = new Set([
  'NetworkLink',
  'GroundOverlay',
  'ScreenOverlay',
  'PhotoOverlay',
  'Tour',
]);

/** Elements of a Placemark that are noted and not read. */
export const LEFT_OUT_PARTS: ReadonlySet<string> = new Set([
  'Style',
  'StyleMap',
  'LookAt',
  'Camera',
  'Region',
  'Model',
]);

/** Fields that the reader makes of KML's own elements: ExtendedData of the same name is put under `ExtendedData.`. */
export const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...['name', 'description', 'visibility', 'open', 'address', 'phoneNumber', 'snippet', 'styleUrl', 'folder'],
  ...['timestamp', 'begin', 'end', 'altitudeMode', 'tessellate', 'extrude', 'times', 'angles'],
]);

/** Field of a name from ExtendedData. */
export function extendedFieldName(name: string): string {
  return OWN_FIELDS.has(name) ? `ExtendedData.${name}` : name;
}
