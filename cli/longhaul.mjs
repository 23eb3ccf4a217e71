#!/usr/bin/env node
/**
 * Node keeps what it made of each module, and starts in half the time the next time; where it cannot, it goes without.
 * Plain JavaScript, because the first module is loaded before that, and whatever takes types away with it.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/longhaul/', import.meta.url)));
await import('./start.ts');
