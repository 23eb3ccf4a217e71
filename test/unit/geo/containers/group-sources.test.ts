import { describe, expect, it } from 'vitest';
import { groupSources } from '../../../../shared/geo/containers/group-sources.ts';

function grouped(...names: string[]) {
  const { sources, notes } = groupSources(names.map((name) => ({ name })));
  return {
    notes,
    sources: sources.map(({ name, extension, file, companions }) => ({
      name,
      extension,
      file: file.name,
      companions: Object.fromEntries([...companions].map(([key, entry]) => [key, entry.name])),
    })),
  };
}

describe('groupSources', () => {
  it('gives each shapefile its companions, at any depth and in any case', () => {
    const { sources, notes } = grouped(
      'a/b/Roads.SHP',
      'a/b/roads.dbf',
      'a/b/ROADS.Prj',
      'a/b/Roads.shp.xml',
      'a/roads.shp',
      'a/roads.shx',
    );
    expect(sources).toEqual([
      {
        name: 'a/b/Roads',
        extension: 'shp',
        file: 'a/b/Roads.SHP',
        companions: { dbf: 'a/b/roads.dbf', prj: 'a/b/ROADS.Prj', 'shp.xml': 'a/b/Roads.shp.xml' },
      },
      { name: 'a/roads', extension: 'shp', file: 'a/roads.shp', companions: { shx: 'a/roads.shx' } },
    ]);
    expect(notes).toEqual([]);
  });

  it('tells sources apart that differ in case alone', () => {
    const { sources } = grouped('roads.shp', 'ROADS.shp', 'ROADS.dbf', 'roads.dbf');
    expect(sources.map(({ file, companions }) => [file, companions['dbf']])).toEqual([
      ['roads.shp', 'roads.dbf'],
      ['ROADS.shp', 'ROADS.dbf'],
    ]);
  });

  it('gives a companion to the shapefile among sources of one name', () => {
    const { sources } = grouped('roads.geojson', 'roads.shp', 'roads.dbf');
    expect(sources.map(({ companions }) => companions)).toEqual([{}, { dbf: 'roads.dbf' }]);
  });

  it('puts the document of a KMZ first', () => {
    expect(grouped('links/a.kml', 'doc.kml', 'b.kml').sources.map(({ file }) => file)).toEqual([
      'doc.kml',
      'links/a.kml',
      'b.kml',
    ]);
  });

  it('takes names with dots, without extension and without name for what they are', () => {
    const { sources, notes } = grouped('v1.2/roads.2024.gml', 'v1.2/roads.2024.xsd', 'v1.2/LICENSE', 'csv');
    expect(sources).toEqual([
      {
        name: 'v1.2/roads.2024',
        extension: 'gml',
        file: 'v1.2/roads.2024.gml',
        companions: { xsd: 'v1.2/roads.2024.xsd' },
      },
    ]);
    expect(notes).toEqual(['Files of the archive that belong to no source were not read: v1.2/LICENSE, csv.']);
  });

  it('passes over hidden files in silence, and names all others that it leaves', () => {
    const { sources, notes } = grouped(
      '__MACOSX/a/._roads.shp',
      'a/.hidden/b.kml',
      '.DS_Store',
      'a/Thumbs.db',
      './c.kml',
      'inner.zip',
      'old.kmz',
      'lonely.dbf',
    );
    expect(sources.map(({ file }) => file)).toEqual(['./c.kml']);
    expect(notes).toEqual([
      'Archives inside the archive are not opened: inner.zip, old.kmz.',
      'Files of the archive that belong to no source were not read: lonely.dbf.',
    ]);
  });

  it('names twenty at most', () => {
    const { notes } = grouped(...Array.from({ length: 25 }, (_, index) => `${index}.txt`));
    expect(notes[0]).toContain('18.txt, 19.txt, and 5 more.');
  });
});
