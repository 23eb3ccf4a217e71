export function bundleFolder(project?: string): string | undefined;
