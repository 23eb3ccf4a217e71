import { FIELD, type TiffImage, type TiffTag } from './tiff-tags.ts';

const FIELD_BYTES: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 4, 7: 1, 12: 8, 16: 8 };

/** Sizes of the two formats in bytes: classic TIFF and BigTIFF. */
const CLASSIC = { header: 8, count: 2, entry: 12, pointer: 4, offsetField: FIELD.long } as const;
const BIG = { header: 16, count: 8, entry: 20, pointer: 8, offsetField: FIELD.long8 } as const;

/** Lays out header, directories with their values, then the blocks, and writes them. */
export function writeTiffFile(images: readonly TiffImage[], little: boolean, big: boolean): Uint8Array {
  const format = big ? BIG : CLASSIC;
  const directories = images.map((image) => [...image.tags, ...blockTags(image, format.offsetField)]);
  const starts: number[] = [];
  let end: number = format.header;
  for (const tags of directories) {
    starts.push(end);
    end += format.count + tags.length * format.entry + format.pointer;
    for (const tag of tags) if (byteLength(tag) > format.pointer) end += even(byteLength(tag));
  }
  for (const [index, image] of images.entries()) {
    const offsets = image.blocks.map((block) => {
      const offset = block.length === 0 ? 0 : end;
      end += even(block.length);
      return offset;
    });
    directories[index] = [...image.tags, ...blockTags(image, format.offsetField, offsets)];
  }
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  const pointer = (at: number, value: number): void => {
    if (big) view.setBigUint64(at, BigInt(value), little);
    else view.setUint32(at, value, little);
  };
  view.setUint16(0, little ? 0x4949 : 0x4d4d, little);
  view.setUint16(2, big ? 43 : 42, little);
  if (big) view.setUint16(4, 8, little);
  pointer(big ? 8 : 4, starts[0]!);

  for (const [index, tags] of directories.entries()) {
    let at = starts[index]!;
    let overflow = at + format.count + tags.length * format.entry + format.pointer;
    if (big) view.setBigUint64(at, BigInt(tags.length), little);
    else view.setUint16(at, tags.length, little);
    at += format.count;
    for (const tag of tags.toSorted((a, b) => a.id - b.id)) {
      view.setUint16(at, tag.id, little);
      view.setUint16(at + 2, tag.type, little);
      pointer(at + 4, tag.values.length);
      const field = at + 4 + format.pointer;
      if (byteLength(tag) <= format.pointer) writeValues(view, field, tag, little);
      else {
        pointer(field, overflow);
        writeValues(view, overflow, tag, little);
        overflow += even(byteLength(tag));
      }
      at += format.entry;
    }
    pointer(at, starts[index + 1] ?? 0);
    const offsets = tags.find((tag) => tag.id === 273 || tag.id === 324)!.values;
    for (const [block, bytes] of images[index]!.blocks.entries()) if (bytes.length > 0) file.set(bytes, offsets[block]);
  }
  return file;
}

function blockTags(image: TiffImage, type: number, offsets?: readonly number[]): TiffTag[] {
  const ids = image.tiled ? { offsets: 324, sizes: 325 } : { offsets: 273, sizes: 279 };
  return [
    { id: ids.offsets, type, values: offsets ?? image.blocks.map(() => 0) },
    { id: ids.sizes, type: FIELD.long, values: image.blocks.map((block) => block.length) },
  ];
}

function writeValues(view: DataView, start: number, tag: TiffTag, little: boolean): void {
  const size = FIELD_BYTES[tag.type]!;
  for (const [index, value] of tag.values.entries()) {
    const at = start + index * size;
    if (tag.type === FIELD.short) view.setUint16(at, value, little);
    else if (tag.type === FIELD.long) view.setUint32(at, value, little);
    else if (tag.type === FIELD.double) view.setFloat64(at, value, little);
    else if (tag.type === FIELD.long8) view.setBigUint64(at, BigInt(value), little);
    else view.setUint8(at, value);
  }
}

const byteLength = (tag: TiffTag): number => tag.values.length * FIELD_BYTES[tag.type]!;
const even = (bytes: number): number => bytes + (bytes % 2);
