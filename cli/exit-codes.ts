/** What the command's exit code says; `docs/cli.md` lists them. */
export const EXIT = {
  succeeded: 0,
  /** The job failed or was cancelled, or the command could not do what it was told. */
  failed: 1,
  /** The command line is wrong: nothing was done. */
  usage: 2,
  /** The job is partial: some of its units failed, the rest is published. */
  partial: 3,
  /** Ctrl+C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
