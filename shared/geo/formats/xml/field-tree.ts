import type { FeatureSink } from '../../features/feature-sink.ts';
import { tooManyFields } from './errors.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { MAX_FIELDS } from './limits.ts';

/** Characters of the name of a field: the names of all elements that lead to it. */
const MAX_PATH_CHARACTERS = 4096;

/** Fields of a layer by the elements that they come from: `a.b` for an element in another, `a.b@c` for its attribute. */
export class FieldTree {
  readonly root: FieldNode;
  readonly sink: FeatureSink;
  #count = 0;

  constructor(sink: FeatureSink) {
    this.sink = sink;
    this.root = new FieldNode(this, '');
  }

  /** @throws LonghaulError `xml-too-many-fields` (final) */
  grow(): void {
    if (++this.#count > MAX_FIELDS) throw tooManyFields(MAX_FIELDS);
  }
}

/** One element name by its path. */
export class FieldNode {
  readonly name: string;
  readonly #tree: FieldTree;
  readonly #children = new Map<string, FieldNode>();
  readonly #attributes = new Map<string, FieldNode>();
  #field = -1;

  constructor(tree: FieldTree, name: string) {
    this.#tree = tree;
    this.name = name;
  }

  /** Number of the field, which the sink is asked for when there is a first value of it. */
  readonly field = (): number => {
    if (this.#field < 0) this.#field = this.#tree.sink.field(this.name);
    return this.#field;
  };

  child(name: string): FieldNode {
    return this.#member(this.#children, name, this.name === '' ? name : `${this.name}.${name}`);
  }

  attribute(name: string): FieldNode {
    return this.#member(this.#attributes, name, `${this.name}@${name}`);
  }

  #member(members: Map<string, FieldNode>, name: string, path: string): FieldNode {
    let node = members.get(name);
    if (node === undefined) {
      if (path.length > MAX_PATH_CHARACTERS) {
        throw new FeatureDefect(
          'xml-field-name-too-long',
          `A field has a name of more than ${MAX_PATH_CHARACTERS} characters.`,
        );
      }
      this.#tree.grow();
      members.set(name, (node = new FieldNode(this.#tree, path)));
    }
    return node;
  }
}
