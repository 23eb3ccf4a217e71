#!/usr/bin/env node
console.log('longhaul', process.version);
