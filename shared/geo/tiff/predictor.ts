/** Integers of one row, whatever their sign: differences wrap around. */
type Integers = Uint8Array | Uint16Array | Uint32Array;

/**
 * Undoes horizontal differencing in place (TIFF 6.0 section 14): each sample is the difference to the same sample of
 * the pixel before.
 * @param values rows of `width × stride` integers in the machine's byte order
 * @param stride samples of a pixel that stand together
 */
export function undoHorizontalPredictor(values: Integers, width: number, stride: number): void {
  const row = width * stride;
  if (stride === 1) return undoOne(values, row);
  if (stride === 3) return undoThree(values, row);
  if (stride === 4) return undoFour(values, row);
  for (let start = 0; start < values.length; start += row) {
    const end = Math.min(start + row, values.length);
    for (let at = start + stride; at < end; at++) values[at] = values[at]! + values[at - stride]!;
  }
}

// The loops for one, three and four samples keep the sums in registers: twice as fast as the one above.

function undoOne(values: Integers, row: number): void {
  for (let start = 0; start < values.length; start += row) {
    let sum = 0;
    for (let at = start; at < start + row; at++) {
      sum = (sum + values[at]!) | 0;
      values[at] = sum;
    }
  }
}

function undoThree(values: Integers, row: number): void {
  for (let start = 0; start < values.length; start += row) {
    let a = 0;
    let b = 0;
    let c = 0;
    for (let at = start; at < start + row; at += 3) {
      a = (a + values[at]!) | 0;
      b = (b + values[at + 1]!) | 0;
      c = (c + values[at + 2]!) | 0;
      values[at] = a;
      values[at + 1] = b;
      values[at + 2] = c;
    }
  }
}

function undoFour(values: Integers, row: number): void {
  for (let start = 0; start < values.length; start += row) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let at = start; at < start + row; at += 4) {
      a = (a + values[at]!) | 0;
      b = (b + values[at + 1]!) | 0;
      c = (c + values[at + 2]!) | 0;
      d = (d + values[at + 3]!) | 0;
      values[at] = a;
      values[at + 1] = b;
      values[at + 2] = c;
      values[at + 3] = d;
    }
  }
}

/**
 * Undoes floating-point differencing (Adobe TIFF technical note 3): a row holds the most significant bytes of all its
 * samples, then the next ones, and each byte is the difference to the byte `stride` before.
 * @param bytes rows of `width × stride × sampleBytes`; changed
 * @returns the samples' bytes, least significant first whatever the file's byte order
 */
export function undoFloatPredictor(
  bytes: Uint8Array,
  width: number,
  stride: number,
  sampleBytes: 4 | 8,
): Uint8Array<ArrayBuffer> {
  const rowSamples = width * stride;
  const rowBytes = rowSamples * sampleBytes;
  const output = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += rowBytes) {
    for (let at = start + stride; at < start + rowBytes; at++) bytes[at] = bytes[at]! + bytes[at - stride]!;
    for (let byte = 0; byte < sampleBytes; byte++) {
      const plane = start + (sampleBytes - 1 - byte) * rowSamples;
      for (let sample = 0, to = start + byte; sample < rowSamples; sample++, to += sampleBytes) {
        output[to] = bytes[plane + sample]!;
      }
    }
  }
  return output;
}
