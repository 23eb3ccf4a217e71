import type { AxisOrder } from '../../projections/axis-order-of.ts';
import { GEOMETRY_TYPES, Geometry } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { readAscii } from '../xml/read-ascii.ts';
import { readCoordinates } from '../xml/read-coordinates.ts';
import { readNumbers } from '../xml/read-numbers.ts';
import type { XmlReader } from '../xml/xml-reader.ts';
import type { PositionList } from './position-list.ts';

/** How positions of a geometry are written; inherited from the elements around it. */
export interface PositionForm {
  axisOrder: AxisOrder;
  /** Numbers of a position, by `srsDimension` or by the CRS. */
  dimension: 2 | 3;
  /** Whether `srsDimension` says it. */
  isStated: boolean;
}

const FIRST_NUMBERS = 1024;
/** Shortest text of a number and its separator. */
const NUMBER_BYTES = 2;
const MOST_DIMENSIONS = 3;

/** Reads the elements of GML that hold positions. */
export class PositionReader {
  readonly #xml: XmlReader;
  #numbers = new Float64Array(FIRST_NUMBERS);
  readonly #tuples = new Geometry();

  constructor(xml: XmlReader) {
    this.#xml = xml;
  }

  /** Reads the element that began last, to its end, if it holds positions, and adds them. */
  read(target: PositionList, form: PositionForm): boolean {
    switch (this.#xml.name) {
      case 'pos':
        this.#readPos(target, form);
        return true;
      case 'posList':
        this.#readPosList(target, form);
        return true;
      case 'coordinates':
        this.#readCoordinates(target, form);
        return true;
      case 'coord':
        this.#readCoord(target, form);
        return true;
      default:
        return false;
    }
  }

  #readPos(target: PositionList, form: PositionForm): void {
    const count = this.#readNumbers();
    if (count === 0) return;
    if (count !== 2 && count !== 3) throw invalid(`a position has ${count} numbers`);
    this.#addPosition(target, form, 0, count);
  }

  #readPosList(target: PositionList, inherited: PositionForm): void {
    const form = formOf(this.#xml, inherited);
    const count = this.#readNumbers();
    const dimension = dimensionFor(count, form);
    for (let at = 0; at < count; at += dimension) this.#addPosition(target, form, at, dimension);
  }

  #addPosition(target: PositionList, { axisOrder }: PositionForm, at: number, dimension: number): void {
    const first = this.#numbers[at]!;
    const second = this.#numbers[at + 1]!;
    const z = dimension === MOST_DIMENSIONS ? this.#numbers[at + 2]! : NaN;
    if (axisOrder === 'northing-first') target.add(second, first, z);
    else target.add(first, second, z);
  }

  /** Numbers of the content of the element that began last. */
  #readNumbers(): number {
    return readAscii(this.#xml, (bytes, start, end) => {
      const most = Math.ceil((end - start) / NUMBER_BYTES) + 1;
      if (most > this.#numbers.length) this.#numbers = new Float64Array(2 * most);
      return readNumbers(bytes, start, end, this.#numbers);
    });
  }

  /** `x,y[,z]` tuples; attributes of the element may name other separators. */
  #readCoordinates(target: PositionList, form: PositionForm): void {
    const decimal = this.#xml.attribute('decimal') ?? '.';
    const separator = this.#xml.attribute('cs') ?? ',';
    const between = this.#xml.attribute('ts') ?? ' ';
    const tuples = this.#tuples;
    tuples.begin(GEOMETRY_TYPES.lineString);
    if (decimal === '.' && separator === ',' && between.trim() === '') {
      readAscii(this.#xml, (bytes, start, end) => readCoordinates(bytes, start, end, tuples));
    } else {
      const usual = usualCoordinates(this.#xml.readString(), decimal, separator, between);
      readCoordinates(Buffer.from(`${usual}\0`), 0, usual.length, tuples);
    }
    const { xy, z, hasZ, vertices } = tuples;
    const isSwapped = form.axisOrder === 'northing-first';
    for (let index = 0; index < vertices; index++) {
      const first = xy[2 * index]!;
      const second = xy[2 * index + 1]!;
      target.add(isSwapped ? second : first, isSwapped ? first : second, hasZ ? z[index]! : NaN);
    }
  }

  /** GML 2: `<coord><X/><Y/><Z/></coord>`. */
  #readCoord(target: PositionList, { axisOrder }: PositionForm): void {
    const values = [NaN, NaN, NaN];
    while (this.#xml.nextChild()) {
      const axis = ['X', 'Y', 'Z'].indexOf(this.#xml.name);
      if (axis < 0) this.#xml.skip();
      else {
        if (this.#readNumbers() !== 1) throw invalid('an axis has not one number');
        values[axis] = this.#numbers[0]!;
      }
    }
    const [first, second, z] = values as [number, number, number];
    if (Number.isNaN(first) || Number.isNaN(second)) throw invalid('a position has no X or no Y');
    if (axisOrder === 'northing-first') target.add(second, first, z);
    else target.add(first, second, z);
  }
}

/** How positions within the element that began last are written: its own attributes hold before those around it. */
export function formOf(xml: XmlReader, inherited: PositionForm): PositionForm {
  const stated = xml.attributes.count === 0 ? undefined : (xml.attribute('srsDimension') ?? xml.attribute('dimension'));
  if (stated === undefined) return inherited;
  const dimension = Number(stated);
  if (dimension !== 2 && dimension !== 3) throw invalid(`positions of ${stated.slice(0, 20)} numbers are not read`);
  return { ...inherited, dimension, isStated: true };
}

/** Many files leave out `srsDimension` though their positions have heights: then the count tells, if it can. */
function dimensionFor(count: number, { dimension, isStated }: PositionForm): 2 | 3 {
  if (count % dimension === 0) return dimension;
  const other = dimension === 2 ? 3 : 2;
  if (isStated || count % other !== 0) throw invalid(`${count} numbers are no positions of ${dimension}`);
  return other;
}

/** Coordinates with the usual separators. */
function usualCoordinates(text: string, decimal: string, separator: string, between: string): string {
  const tuples = (between.trim() === '' ? text.split(/[ \t\r\n]+/) : text.split(between)).filter(
    (each) => each.trim() !== '',
  );
  return tuples
    .map((tuple) =>
      tuple
        .trim()
        .split(separator.trim() === '' ? /[ \t\r\n]+/ : separator)
        .map((number) => (decimal === '.' ? number : number.replace(decimal, '.')).trim())
        .join(','),
    )
    .join(' ');
}

function invalid(reason: string): FeatureDefect {
  return new FeatureDefect('coordinates-invalid', `The coordinates cannot be read: ${reason}.`);
}
