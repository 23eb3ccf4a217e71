import { seededRandom } from '../../e2e/helpers/seeded-random.ts';

const SEED = 20_261_126;
/** Vertices of a polygon, the first one once. */
const CORNERS = { least: 8, more: 12 };
const DECIMALS = 8;

/**
 * Polygons of a register all over the world, one feature a line, the same bytes each time.
 * @param bytes length of all: the last line may go beyond it
 * @param pieceBytes length of a piece, roughly
 */
export function* featureLines(bytes: number, pieceBytes: number): Generator<Buffer> {
  const random = seededRandom(SEED);
  let number = 0;
  for (let made = 0; made < bytes;) {
    const wanted = Math.min(pieceBytes, bytes - made);
    const lines: string[] = [];
    // All of it is ASCII: a character is a byte.
    for (let length = 0; length < wanted;) {
      const line = featureLine(number++, random);
      lines.push(line);
      length += line.length;
    }
    const piece = Buffer.from(lines.join(''), 'latin1');
    made += piece.length;
    yield piece;
  }
}

function featureLine(number: number, random: () => number): string {
  const [longitude, latitude] = [random() * 340 - 170, random() * 140 - 70];
  const corners = CORNERS.least + Math.floor(random() * CORNERS.more);
  const ring = Array.from({ length: corners }, (_, index) => {
    const angle = (index / corners) * 2 * Math.PI;
    const radius = 0.0005 * (0.6 + 0.4 * random());
    const position = [longitude + radius * Math.cos(angle), latitude + radius * Math.sin(angle)];
    return `[${position.map((value) => value.toFixed(DECIMALS)).join(',')}]`;
  });
  const properties = `{"id":${number},"name":"Parcel ${number.toString(36)}","area":${Math.round(random() * 1e6) / 100}}`;
  const coordinates = [...ring, ring[0]].join(',');
  return `{"type":"Feature","properties":${properties},"geometry":{"type":"Polygon","coordinates":[[${coordinates}]]}}\n`;
}
