import type { OutputDescription } from '../../jobs/process.ts';

const uri = { type: 'string', format: 'uri' };

/** A report for each dataset; absent after a dry run. */
export const datasetsOutput: OutputDescription = {
  title: 'Datasets',
  description: 'For each layer of the source: its files, its fields and statistics, and what was noted and left out.',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      required: ['dataset', 'layer', 'format', 'files', 'fields', 'statistics', 'notes'],
      properties: {
        dataset: { type: 'string', description: 'Id of the dataset.' },
        layer: { type: 'string', description: 'Name of the layer in the source.' },
        format: { type: 'string', description: 'Format of the source.' },
        files: {
          type: 'array',
          items: {
            type: 'object',
            required: ['format', 'role', 'href', 'type', 'bytes'],
            properties: {
              format: { type: 'string', enum: ['flatgeobuf', 'geoparquet', 'geojson-seq', 'png', 'stac'] },
              role: { type: 'string', enum: ['data', 'thumbnail', 'metadata'] },
              href: { ...uri, description: 'Where the file can be fetched.' },
              type: { type: 'string', description: 'Media type.' },
              bytes: { type: 'integer' },
            },
          },
        },
        rejects: { ...uri, description: 'Features that were left out, one JSON object a line.' },
        crs: {
          type: 'object',
          description: 'CRS of the source, who says so, CRS of the files, and the accuracy of the transformation.',
        },
        changes: {
          type: 'object',
          description:
            'In the modes append and upsert: the job whose version was built upon, and how many features were kept, added, ' +
            'replaced and superseded.',
        },
        fields: { type: 'array', items: { type: 'object' }, description: 'Fields by source: name, type, and why.' },
        statistics: { type: 'object', description: 'Counts, extent, geometry types, and each field.' },
        notes: { type: 'array', items: { type: 'object' }, description: 'What was mended or noted, with counts.' },
      },
    },
  },
};

const range = {
  type: 'object',
  required: ['low', 'high'],
  properties: { low: { type: 'number' }, high: { type: 'number' } },
};

/** What the job would do; given by a dry run only. */
export const estimateOutput: OutputDescription = {
  title: 'Estimate',
  description: 'Of a dry run: what the job would do, and the first features of each layer, as the estimate of the API.',
  schema: {
    type: 'object',
    required: ['units', 'chunks', 'bytes', 'seconds', 'dollars', 'detail'],
    properties: {
      units: { type: 'integer' },
      chunks: { type: 'integer' },
      bytes: { ...range, description: 'Of the published files.' },
      seconds: range,
      dollars: range,
      detail: {
        type: 'object',
        description:
          'The source, its layers with CRS, fields and a preview as GeoJSON in the target CRS, what was not seen, and notes.',
      },
    },
  },
};
