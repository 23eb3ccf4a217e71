/** Vertices of a polygon, the last one apart: 100,000 of them make 76 MB. */
const VERTICES = 12;
const DIGITS = 15;
const PLACEMARKS_AT_ONCE = 1000;

/** Texts of a KML of polygons around points all over the world, with three fields, as GDAL writes it; each time the same. */
export function* makePolygons(count: number): Generator<string> {
  const random = generator(20_261_126);
  yield `<?xml version="1.0" encoding="utf-8" ?>
<kml xmlns="http://www.opengis.net/kml/2.2">
<Document id="root_doc">
<Schema name="polygons" id="polygons">
	<SimpleField name="id" type="int"></SimpleField>
	<SimpleField name="value" type="float"></SimpleField>
</Schema>
<Folder><name>polygons</name>
`;
  for (let first = 0; first < count; first += PLACEMARKS_AT_ONCE) {
    const length = Math.min(PLACEMARKS_AT_ONCE, count - first);
    yield Array.from({ length }, (_, index) => placemark(first + index, random)).join('');
  }
  yield '</Folder>\n</Document></kml>\n';
}

function placemark(index: number, random: () => number): string {
  const longitude = random() * 340 - 170;
  const latitude = random() * 160 - 80;
  const ring = Array.from({ length: VERTICES }, (_, vertex) => {
    const angle = (2 * Math.PI * vertex) / VERTICES;
    const radius = 0.001 + random() * 0.004;
    return [longitude + radius * Math.cos(angle), latitude + radius * Math.sin(angle)];
  });
  const positions = [...ring, ring[0]!].map((position) => position.map(shortest).join(','));
  return `  <Placemark>
	<name>polygon ${index}</name>
	<ExtendedData><SchemaData schemaUrl="#polygons">
		<SimpleData name="id">${index}</SimpleData>
		<SimpleData name="value">${(random() * 1000).toFixed(3)}</SimpleData>
	</SchemaData></ExtendedData>
      <Polygon><outerBoundaryIs><LinearRing><coordinates>${positions.join(' ')}</coordinates></LinearRing></outerBoundaryIs></Polygon>
  </Placemark>
`;
}

const shortest = (value: number): string => String(Number(value.toPrecision(DIGITS)));

/** Numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
