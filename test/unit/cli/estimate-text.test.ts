import { describe, expect, it } from 'vitest';
import { detailText, estimateText } from '../../../cli/output/estimate-text.ts';

const range = (low: number, high: number) => ({ low, high });

describe('estimateText', () => {
  it('tells the numbers, and whether the caller may have as much', () => {
    const numbers = { units: 2000, chunks: 1, bytes: range(1, 2000), seconds: range(2, 75), dollars: range(0.1, 0.2) };
    expect(estimateText({ ...numbers, withinLimits: false })).toBe(
      [
        '2,000 units in 1 chunk',
        '1 B to 2 kB',
        '2 s to 1 min 15 s',
        '$0.1 to $0.2',
        'above your limits: it would be refused',
      ].join('\n'),
    );
    expect(estimateText(numbers)).not.toContain('limits');
  });
});

describe('detailText', () => {
  it('gives what is short a line, and what is long lines of its own', () => {
    const detail = {
      source: { bytes: 54, note: 'short' },
      bands: [1, 2, 3],
      layers: [{ name: 'roads', fields: [{ name: 'id', reasons: ['one', 'two'] }] }],
    };
    expect(detailText(detail)).toBe(
      [
        'source: bytes 54, note short',
        'bands: 1, 2, 3',
        'layers:',
        '  - name: roads',
        '    fields:',
        '      - name: id',
        '        reasons: one, two',
      ].join('\n'),
    );
  });

  it('leaves out what is empty', () => {
    expect(detailText({ notes: [], preview: {}, name: '' })).toBe('name: ');
  });

  it('gives each feature one line of GeoJSON, and cuts it', () => {
    const feature = { type: 'Feature', properties: { text: 'x'.repeat(500) }, geometry: null };
    const [head, line] = detailText({ preview: { type: 'FeatureCollection', features: [feature] } }).split('\n');
    expect(head).toBe('preview:');
    expect(line).toBe(`  {"type":"Feature","properties":{"text":"${'x'.repeat(120)}…`);
  });
});
