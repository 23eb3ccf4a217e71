import { LonghaulError } from '../../../errors/longhaul-error.ts';
import { GEOMETRY_TYPES, Geometry } from '../../features/geometry.ts';
import { crsFromEpsg } from '../../projections/crs-from-epsg.ts';
import { addArc, addArcByCentre, addCircle, addPoint, type CurvePoint } from '../curves/linearise-arc.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { tooManyVertices } from '../text/geometry-defects.ts';
import { MAX_VERTICES } from '../text/limits.ts';
import { makeVertexRoom } from '../vertex-room.ts';
import { readAscii } from '../xml/read-ascii.ts';
import { readNumbers } from '../xml/read-numbers.ts';
import type { XmlReader } from '../xml/xml-reader.ts';
import { PositionList } from './position-list.ts';
import { formOf, type PositionForm, type PositionReader } from './position-reader.ts';
import type { SrsName } from './srs-name.ts';

const LINES: ReadonlySet<string> = new Set([
  'LineString',
  'LinearRing',
  'LineStringSegment',
  'GeodesicString',
  'Geodesic',
]);
const METRES =
  /^(#?m|metre|meter|urn:(x-)?ogc:def:uom:(EPSG:[^:]*:9001|UCUM:[^:]*:m|OGC:[^:]*:m)|http:\/\/www\.opengis\.net\/def\/uom\/(EPSG\/0\/9001|UCUM\/0\/m))$/i;
const DEGREES = /^(#?deg|degrees?|urn:(x-)?ogc:def:uom:EPSG:[^:]*:(9102|9122))$/i;

/** Names of curves that can stand as a geometry or within one. */
export const CURVES: ReadonlySet<string> = new Set([
  'LineString',
  'LinearRing',
  'Curve',
  'CompositeCurve',
  'OrientableCurve',
  'Ring',
]);

/** Reads curves of GML as positions: arcs and circles are made linear, see `MAX_CHORD_ANGLE`. */
export class CurveReader {
  readonly #xml: XmlReader;
  readonly #positions: PositionReader;
  readonly #points = new PositionList();
  /** One arc that was made linear. */
  readonly #arc = new Geometry();
  /** CRS of the geometry that is read. */
  srs: SrsName | undefined;

  constructor(xml: XmlReader, positions: PositionReader) {
    this.#xml = xml;
    this.#positions = positions;
  }

  /** Reads the curve that began last, to its end. */
  read(target: PositionList, inherited: PositionForm): void {
    const form = formOf(this.#xml, inherited);
    const { name } = this.#xml;
    if (name === 'LineString' || name === 'LinearRing') this.#readSegment(name, target, form);
    else if (name === 'Curve') this.#readSegments(target, form);
    else if (name === 'CompositeCurve' || name === 'Ring') this.#readMembers(target, form);
    else if (name === 'OrientableCurve') this.#readOrientable(target, form);
    else throw unsupported(name);
  }

  /** Reads positions of the element that began last, to its end, whatever else is in it. */
  readPositions(target: PositionList, form: PositionForm): void {
    const xml = this.#xml;
    while (xml.nextChild()) {
      if (this.#positions.read(target, form)) continue;
      const isHolder = ['pointProperty', 'pointRep', 'Point'].includes(xml.name);
      if (isHolder) this.readPositions(target, form);
      else xml.skip();
    }
  }

  #readSegments(target: PositionList, form: PositionForm): void {
    const xml = this.#xml;
    while (xml.nextChild()) {
      if (xml.name !== 'segments') xml.skip();
      else while (xml.nextChild()) this.#readSegment(xml.name, target, form);
    }
  }

  #readMembers(target: PositionList, form: PositionForm): void {
    const xml = this.#xml;
    while (xml.nextChild()) {
      if (xml.name !== 'curveMember' && xml.name !== 'curveMembers') xml.skip();
      else {
        refuseReference(xml);
        while (xml.nextChild()) this.read(target, form);
      }
    }
  }

  #readOrientable(target: PositionList, form: PositionForm): void {
    const xml = this.#xml;
    const isReversed = xml.attribute('orientation') === '-';
    const base = new PositionList();
    while (xml.nextChild()) {
      if (xml.name !== 'baseCurve') xml.skip();
      else {
        refuseReference(xml);
        while (xml.nextChild()) this.read(base, form);
      }
    }
    if (isReversed) base.reverse();
    target.join(base);
  }

  #readSegment(name: string, target: PositionList, inherited: PositionForm): void {
    const form = formOf(this.#xml, inherited);
    if (name === 'ArcByCenterPoint' || name === 'CircleByCenterPoint') {
      this.#readArcByCentre(name === 'CircleByCenterPoint', target, form);
      return;
    }
    const points = this.#points;
    points.count = 0;
    this.readPositions(points, form);
    if (LINES.has(name)) target.join(points);
    else if (name === 'Arc' || name === 'ArcString') this.#addArcs(target);
    else if (name === 'Circle') {
      const arc = this.#beginArc();
      if (points.count !== 3 || !addCircle(arc, pointAt(points, 0), pointAt(points, 1), pointAt(points, 2))) {
        throw new FeatureDefect(
          'gml-geometry-invalid',
          'A circle is not given by three points that are not on a line.',
        );
      }
      this.#joinArc(target);
    } else throw unsupported(name);
  }

  #addArcs(target: PositionList): void {
    const points = this.#points;
    if (points.count < 3 || points.count % 2 === 0) {
      throw new FeatureDefect(
        'gml-geometry-invalid',
        `An arc is given by ${points.count} points, which should be 3, 5 and so on.`,
      );
    }
    for (let index = 0; index + 2 < points.count; index += 2) {
      const arc = this.#beginArc();
      const from = pointAt(points, index);
      addPoint(arc, from);
      addArc(arc, from, pointAt(points, index + 1), pointAt(points, index + 2));
      this.#joinArc(target);
    }
  }

  #beginArc(): Geometry {
    this.#arc.begin(GEOMETRY_TYPES.lineString);
    makeVertexRoom(this.#arc, 0, true, false);
    return this.#arc;
  }

  #joinArc(target: PositionList): void {
    target.joinVertices(this.#arc);
    if (target.count > MAX_VERTICES) throw tooManyVertices();
  }

  #readArcByCentre(isCircle: boolean, target: PositionList, form: PositionForm): void {
    const xml = this.#xml;
    const centre = new PositionList();
    let radius = NaN;
    let start = isCircle ? 0 : NaN;
    let end = isCircle ? 360 : NaN;
    while (xml.nextChild()) {
      if (xml.name === 'radius') radius = this.#readMeasure((uom) => this.#isUnitOfCrs(uom));
      else if (xml.name === 'startAngle') start = this.#readMeasure((uom) => uom === '' || DEGREES.test(uom));
      else if (xml.name === 'endAngle') end = this.#readMeasure((uom) => uom === '' || DEGREES.test(uom));
      else if (xml.name === 'pointProperty' || xml.name === 'pointRep') this.readPositions(centre, form);
      else if (!this.#positions.read(centre, form)) xml.skip();
    }
    if (
      centre.count !== 1 ||
      !(radius >= 0) ||
      Number.isNaN(start) ||
      Number.isNaN(end) ||
      Math.abs(end - start) > 360
    ) {
      throw new FeatureDefect('gml-geometry-invalid', 'An arc is not given by a centre, a radius and two angles.');
    }
    addArcByCentre(this.#beginArc(), pointAt(centre, 0), radius, start, end);
    this.#joinArc(target);
  }

  #readMeasure(isUnit: (uom: string) => boolean): number {
    const uom = this.#xml.attribute('uom') ?? '';
    const number = new Float64Array(1);
    const count = readAscii(this.#xml, (bytes, start, end) => readNumbers(bytes, start, end, number));
    if (!isUnit(uom))
      throw new FeatureDefect(
        'gml-curve-unsupported',
        `Arcs by measures in ${JSON.stringify(uom.slice(0, 100))} are not read.`,
      );
    return count === 1 ? number[0]! : NaN;
  }

  /** Whether a radius is in the unit of the coordinates: metres on a plane, degrees on the ellipsoid. */
  #isUnitOfCrs(uom: string): boolean {
    if (this.srs?.crs?.kind !== 'epsg') return this.srs?.crs === undefined ? uom === '' : DEGREES.test(uom);
    try {
      const { geographic, proj4 } = crsFromEpsg(this.srs.crs.code);
      if (geographic) return DEGREES.test(uom);
      return METRES.test(uom) && !/\+(units|to_meter)=/.test(proj4);
    } catch (error) {
      if (error instanceof LonghaulError) return false;
      throw error;
    }
  }
}

function pointAt({ values }: PositionList, index: number): CurvePoint {
  return { x: values[3 * index]!, y: values[3 * index + 1]!, z: values[3 * index + 2]!, m: NaN };
}

/**
 * Members of geometries may be elsewhere, in the file or on the web: such are not looked for.
 * @throws FeatureDefect `gml-reference-unresolved`
 */
export function refuseReference(xml: XmlReader): void {
  if (xml.attributes.count > 0 && xml.attribute('href') !== undefined) {
    throw new FeatureDefect(
      'gml-reference-unresolved',
      'A part of the geometry is a reference (xlink:href); none is followed.',
    );
  }
}

function unsupported(name: string): FeatureDefect {
  return new FeatureDefect('gml-curve-unsupported', `Curves of the kind ${name} are not read.`);
}
