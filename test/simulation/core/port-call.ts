/** One call of a port, as it is made. */
export interface PortCall {
  /** From 0, over a whole run. */
  number: number;
  /** Which invocation of a function makes it. */
  invocation: Invocation;
  /** Port and operation, such as `store.write`. */
  name: string;
  parameters: readonly unknown[];
}

/** One run of one function: what a crash ends. */
export interface Invocation {
  number: number;
  /** The function, such as `worker`. */
  role: string;
  /** Whom it works for; a function that works for all has none. */
  tenant: string | undefined;
  /** True once the process has died: its calls take no effect, and never come back. */
  dead: boolean;
  /** Ends the process. */
  die: () => void;
}
