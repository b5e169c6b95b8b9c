import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scaffold } from '../../tools/support/generated.js';
import { npm, run } from '../../tools/support/processes.js';

/** Starts the app twice, one after the other, and requests it. */
const BODY = `
  for (const time of ['once', 'twice']) {
    test(time, async () => {
      const host = await LocalHost.start({ root: process.cwd(), port: 0 });
      try {
        const response = await fetch(host.url + '/api/HttpTrigger');
        expect(await response.text()).toMatch(/ \\(TimeElapsed: \\d+\\.\\d{4} sec\\)$/);
      } finally {
        await host.stop();
      }
    });
  }
`;

const VITEST = `import { expect, test } from 'vitest';\nimport { LocalHost } from '#local-host';\n${BODY}`;
const JEST = `const { LocalHost } = require('#local-host');\n${BODY}`;

/** Two files each, since both runners run files side by side. */
const RUNNERS = [
  ['vitest', ['run', '--dir', 'vitest'], '.test.mjs', VITEST],
  ['jest', ['--rootDir', 'jest', '--testMatch', '**/*.test.cjs'], '.test.cjs', JEST],
] as const;

describe('LocalHost', () => {
  let folder: string;
  before(async () => {
    folder = await scaffold(['.', '--name', 'timer', '--yes', '--no-git']);
    await npm(['install', '--no-audit'], folder);
    await npm(['run', 'build'], folder);
    const tools = RUNNERS.map(([name]) => name);
    await npm(['install', '-w', 'function-app', '--no-save', '--no-audit', ...tools], folder);
  });

  for (const [name, options, ending, text] of RUNNERS) {
    it(`starts more than once in a process of ${name}, and in files side by side`, async () => {
      const app = join(folder, 'function-app');
      for (const file of ['one', 'two']) {
        const path = join(app, name, `${file}${ending}`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      const outcome = await run('npx', ['--no-install', name, ...options], { cwd: app });
      assert.equal(outcome.exitCode, 0, outcome.all);
      assert.match(outcome.all, /Tests:?\s+4 passed/);
    });
  }
});
