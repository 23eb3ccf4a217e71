import type { OutputDescription } from '../../jobs/process.ts';

/** The one output: an archive for each dataset. */
export const tilesetsOutput: OutputDescription = {
  title: 'Tilesets',
  description: 'One PMTiles v3 archive for each dataset that was published.',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      required: ['dataset', 'href', 'type', 'bytes', 'tiles', 'bounds', 'minzoom', 'maxzoom'],
      properties: {
        dataset: { type: 'string', description: 'Id of the dataset.' },
        href: { type: 'string', format: 'uri', description: 'Where the archive can be fetched.' },
        type: { type: 'string', enum: ['application/vnd.pmtiles'] },
        bytes: { type: 'integer', description: 'Size of the archive.' },
        tiles: { type: 'integer', description: 'Tiles in the archive.' },
        bounds: {
          type: 'array',
          items: { type: 'number' },
          minItems: 4,
          maxItems: 4,
          description: 'West, south, east, north in degrees.',
        },
        minzoom: { type: 'integer' },
        maxzoom: { type: 'integer' },
      },
    },
  },
};
