import { explain } from './steps.ts';
import { interruptible, INTERRUPTED_EXIT_CODE, Interruption } from './stop-signal.ts';

/**
 * Runs a script until it returns its exit code, is interrupted, or fails; an error is explained. The work owns its
 * clean-up: it has been done when this sets the exit code.
 */
export async function runScript(work: (controller: AbortController) => Promise<number>): Promise<void> {
  const controller = interruptible();
  try {
    process.exitCode = await work(controller);
  } catch (error) {
    // What was going on fails in many ways once it is aborted; the reason tells why.
    const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
    if (reason instanceof Interruption) {
      console.error(reason.message);
      process.exitCode = INTERRUPTED_EXIT_CODE;
    } else {
      console.error(explain(reason));
      process.exitCode = 1;
    }
  }
}
