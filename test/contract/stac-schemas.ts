import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { ensurePythonEnvironment } from '../../scripts/local/python-environment.ts';

/** Where the schemas of items are published. */
const ITEM_SCHEMAS = 'https://schemas.stacspec.org/v1.1.0/item-spec/json-schema/';
const ITEM = `${ITEM_SCHEMAS}item.json`;

/**
 * The check of STAC items by the schemas of the specification and of GeoJSON, as the package `pystac-core` carries them.
 * @returns what is wrong with an item, if anything
 */
export async function stacItemCheck(): Promise<(item: unknown) => unknown[]> {
  const python = await ensurePythonEnvironment();
  const folder = path.join(path.dirname(python), '../lib');
  const files = globSync('python3*/site-packages/pystac/validation/jsonschemas/**/*.json', { cwd: folder });
  const ajv = new Ajv({ strict: false, allErrors: true });
  // A CommonJS module, whose function is its default's default.
  (addFormats as unknown as typeof addFormats.default)(ajv);
  ajv.addFormat('iri', (text) => URL.canParse(text));
  ajv.addFormat('iri-reference', (text) => URL.canParse(text, ITEM));
  for (const file of files) {
    const schema = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { $id: string };
    // By its address: the id that `common.json` of 1.1.0 gives itself is misspelt, and others refer to it by its name.
    const id = file.includes('stac-spec') ? `${ITEM_SCHEMAS}${path.basename(file)}` : schema.$id;
    ajv.addSchema({ ...schema, $id: id });
  }
  const validate = ajv.getSchema(ITEM);
  if (validate === undefined) throw new Error(`pystac-core carries no ${ITEM}`);
  return (item) => (validate(item) === true ? [] : (validate.errors ?? []));
}
