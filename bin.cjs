#!/usr/bin/env node
// What is imported needs a newer Node.js than this file does.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `generator-azfunc-extension needs Node.js 20.19 or later. This is ${process.versions.node}.`,
  );
  process.exitCode = 1;
} else {
  // Node.js 22 and later keep what they have compiled, for the next run.
  const { enableCompileCache } = require('module');
  if (enableCompileCache) {
    enableCompileCache();
  }
  require('./dist/command-line/command-line.cjs');
}
