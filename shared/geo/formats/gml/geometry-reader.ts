import { GEOMETRY_TYPES, type Geometry, type GeometryType } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import type { RecordReader } from '../xml/record-reader.ts';
import { CURVES, CurveReader, refuseReference } from './curve-reader.ts';
import { PositionList } from './position-list.ts';
import { formOf, PositionReader, type PositionForm } from './position-reader.ts';
import { isSameCrs, parseSrsName, type SrsName } from './srs-name.ts';

const { point, lineString, polygon, multiPoint, multiLineString, multiPolygon, geometryCollection } = GEOMETRY_TYPES;

/** Geometries of several members, with what they are when they have none. */
const AGGREGATES = new Map<string, GeometryType>([
  ['MultiPoint', multiPoint],
  ['MultiLineString', multiLineString],
  ['MultiCurve', multiLineString],
  ['MultiPolygon', multiPolygon],
  ['MultiSurface', multiPolygon],
  ['MultiGeometry', geometryCollection],
  ['GeometryCollection', geometryCollection],
]);
/** Surfaces that are made of others, or of patches. */
const SURFACES: ReadonlySet<string> = new Set([
  ...['Surface', 'CompositeSurface', 'OrientableSurface'],
  ...['PolyhedralSurface', 'TriangulatedSurface', 'Tin'],
]);
const POLYGONS: ReadonlySet<string> = new Set(['Polygon', 'PolygonPatch', 'Triangle', 'Rectangle']);
/** Geometries of the standard that have no linear form here. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  ...['Solid', 'CompositeSolid', 'MultiSolid', 'GeometricComplex', 'GeometricComplexProperty'],
  ...['TopoPoint', 'TopoCurve', 'TopoSurface', 'TopoVolume', 'TopoComplex', 'Cone', 'Cylinder', 'Sphere'],
]);
/** Elements that hold members, patches and rings. */
const MEMBERS = /(Member|Members)$/;
const PATCHES = /^(patches|polygonPatches|trianglePatches)$/;

/** Whether an element of the namespace of GML is a geometry. */
export function isGeometryName(name: string): boolean {
  return (
    name === 'Point' ||
    CURVES.has(name) ||
    POLYGONS.has(name) ||
    SURFACES.has(name) ||
    AGGREGATES.has(name) ||
    UNSUPPORTED.has(name)
  );
}

/** Reads geometries of GML 2 and 3 into one: points, lines and polygons, in x, y order whatever the CRS has. */
export class GmlGeometryReader {
  readonly #record: RecordReader;
  readonly #positions: PositionReader;
  readonly #curves: CurveReader;
  readonly #list = new PositionList();
  /** CRS of the layer. */
  readonly #layerSrs: SrsName | undefined;

  constructor(record: RecordReader, layerSrs: SrsName | undefined) {
    this.#record = record;
    this.#positions = new PositionReader(record.xml);
    this.#curves = new CurveReader(record.xml, this.#positions);
    this.#layerSrs = layerSrs;
  }

  /** Reads the geometry that began last, to its end. */
  read(): void {
    const { xml, geometry } = this.#record;
    const empty = AGGREGATES.get(xml.name);
    const srs = this.#layerSrs;
    this.#curves.srs = srs;
    this.#readAny({ axisOrder: srs?.axisOrder ?? 'easting-first', dimension: srs?.dimension ?? 2, isStated: false });
    geometry.finish(empty !== undefined, empty);
  }

  #readAny(inherited: PositionForm): void {
    const { xml } = this.#record;
    const form = this.#formOf(inherited);
    const { name } = xml;
    if (name === 'Point') this.#readPoint(form);
    else if (CURVES.has(name)) this.#readLine(form);
    else if (POLYGONS.has(name)) this.#readPolygon(form);
    else if (SURFACES.has(name))
      this.#readMembers(form, (child) => MEMBERS.test(child) || PATCHES.test(child) || child === 'baseSurface');
    else if (AGGREGATES.has(name)) this.#readMembers(form, (child) => MEMBERS.test(child));
    else throw new FeatureDefect('gml-geometry-unsupported', `Geometries of the kind ${name} are not read.`);
  }

  /** How positions of the element that began last are written; its CRS must be that of the layer. */
  #formOf(inherited: PositionForm): PositionForm {
    const { xml } = this.#record;
    const form = formOf(xml, inherited);
    const written = xml.attributes.count === 0 ? undefined : xml.attribute('srsName');
    if (written === undefined) return form;
    const srs = parseSrsName(written);
    if (this.#layerSrs !== undefined && !isSameCrs(srs, this.#layerSrs)) {
      throw new FeatureDefect(
        'gml-crs-differs',
        `The geometry is in ${JSON.stringify(srs.text.slice(0, 100))}, and the layer in ${JSON.stringify(this.#layerSrs.text.slice(0, 100))}.`,
      );
    }
    const { axisOrder } = srs;
    return form.isStated ? { ...form, axisOrder } : { axisOrder, dimension: srs.dimension, isStated: false };
  }

  #readMembers(form: PositionForm, isMember: (name: string) => boolean): void {
    const { xml } = this.#record;
    while (xml.nextChild()) {
      if (!isMember(xml.name)) {
        xml.skip();
        continue;
      }
      refuseReference(xml);
      while (xml.nextChild()) this.#readAny(form);
    }
  }

  #readPoint(form: PositionForm): void {
    const { geometry } = this.#record;
    const part = geometry.beginPart(point);
    const list = this.#emptyList();
    this.#curves.readPositions(list, form);
    if (list.count > 1) throw new FeatureDefect('gml-geometry-invalid', 'A point has several positions.');
    list.addTo(part);
    geometry.endPart(point);
  }

  #readLine(form: PositionForm): void {
    const { geometry } = this.#record;
    const part = geometry.beginPart(lineString);
    this.#addLine(part, form);
    geometry.endPart(lineString);
  }

  #readPolygon(form: PositionForm): void {
    const { xml, geometry } = this.#record;
    const part = geometry.beginPart(polygon);
    const firstLine = part.lines;
    while (xml.nextChild()) {
      const isOuter = xml.name === 'exterior' || xml.name === 'outerBoundaryIs';
      if (!isOuter && xml.name !== 'interior' && xml.name !== 'innerBoundaryIs') {
        xml.skip();
        continue;
      }
      refuseReference(xml);
      while (xml.nextChild()) {
        if (isOuter !== (part.lines === firstLine)) {
          throw new FeatureDefect(
            'gml-geometry-invalid',
            'A polygon has not one outer boundary before its inner ones.',
          );
        }
        this.#addLine(part, form);
      }
    }
    geometry.endPart(polygon);
  }

  /** Adds the curve that began last as a line or ring. */
  #addLine(part: Geometry, form: PositionForm): void {
    const list = this.#emptyList();
    this.#curves.read(list, form);
    list.addTo(part);
    if (list.count > 0) part.endLine();
  }

  #emptyList(): PositionList {
    this.#list.count = 0;
    return this.#list;
  }
}
