import { DefinitionError, parseCreateTable, type TableDefinition } from './create-table/parse-create-table.ts';
import { schemaUnreadable, withoutRowid } from './sqlite/errors.ts';
import { MAX_COLUMNS } from './sqlite/record.ts';
import type { SchemaEntry } from './sqlite/schema.ts';

/** Characters of one definition. */
const MAX_DEFINITION = 1024 * 1024;

/**
 * Reads the definition of a table.
 * @throws LonghaulError `sqlite-schema-unreadable`, `sqlite-without-rowid` (final)
 */
export function parseTable({ name, sql }: SchemaEntry): TableDefinition {
  if (sql.length > MAX_DEFINITION) throw schemaUnreadable(name, `it has ${sql.length} characters`);
  const definition = definitionOf(name, sql);
  if (!definition.hasRowid) throw withoutRowid(name);
  const { length } = definition.columns;
  if (length > MAX_COLUMNS) throw schemaUnreadable(name, `it has ${length} columns`);
  return definition;
}

function definitionOf(name: string, sql: string): TableDefinition {
  try {
    return parseCreateTable(sql);
  } catch (error) {
    if (error instanceof DefinitionError) throw schemaUnreadable(name, error.message);
    throw error;
  }
}
