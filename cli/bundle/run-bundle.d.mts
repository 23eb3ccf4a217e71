export function runBundle(file: string, args: readonly string[]): void;
