/** Stands for vitest where there is none: edges that need its timers are not for bugs. */
export const vi = {
  useFakeTimers: (): never => {
    throw new TypeError('there are no fake timers here');
  },
  useRealTimers: (): void => undefined,
};
