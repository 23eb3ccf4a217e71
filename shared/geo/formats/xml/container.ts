/** An element that holds records or other such elements, as a block must know it. JSON: it is stored with the plan. */
export interface Container {
  /** Qualified name, as it is written. */
  tag: string;
  /** Local name. */
  name: string;
  /** What it is called: the name of a folder. */
  label?: string;
  /** Namespaces that it declares, by prefix; the default one by the empty string. */
  namespaces?: Record<string, string>;
}
