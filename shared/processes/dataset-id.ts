/** Room for a number behind an id that is made from a name. */
const MAX_NAME_LENGTH = 56;
const MAX_ID_LENGTH = 63;

/** The name of a file without its extension, and that of gzip: `…/My%20Scene.tif` → `My Scene`. */
export function fileNameOf({ pathname }: URL): string {
  const name = pathname.split('/').at(-1) ?? '';
  return decoded(name)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]*$/, '');
}

/** An id of letters, digits and hyphens out of any name: `My Scene` → `my-scene`. */
export function datasetIdOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'dataset' : slug;
}

/** The id itself, or with a number behind it where it is taken. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 2, id = wanted; ; id = `${wanted}-${number++}`) {
    if (!taken.has(id)) return id.slice(0, MAX_ID_LENGTH);
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // Not an encoded name: it is taken as it stands.
    return name;
  }
}
