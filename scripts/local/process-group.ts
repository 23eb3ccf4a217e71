/** Sends a signal to every process of a group; a group that is gone is no error. @returns whether there was one */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  return send(-leader, signal);
}

/** Whether a process of this id runs. */
export function isRunning(pid: number): boolean {
  return send(pid, 0);
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    // A process of another user: it runs, and is not ours to signal.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return true;
    throw error;
  }
}
