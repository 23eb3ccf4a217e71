/** Exit code of shells for a program that Ctrl+C ended. */
export const INTERRUPTED_EXIT_CODE = 130;

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Why a script ends before its work is done. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

/**
 * A controller that Ctrl+C, a signal, or the end of the process that started us aborts with an `Interruption`. Later
 * signals change nothing: what is being stopped by then has a time limit of its own.
 */
export function interruptible(): AbortController {
  const controller = new AbortController();
  const stop = (cause: string) => controller.abort(new Interruption(`Stopped by ${cause}.`));
  for (const signal of SIGNALS) process.on(signal, () => stop(signal));
  process.on('disconnect', () => stop('the end of the parent process'));
  process.channel?.unref();
  return controller;
}
