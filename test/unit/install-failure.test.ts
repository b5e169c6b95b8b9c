import assert from 'node:assert/strict';
import { failureOf } from '../../generators/writing/install-failure.js';

/* What package managers have printed. */
describe('a failed install', () => {
  for (const [name, stderr, reason, first] of [
    [
      'npm',
      'npm error code EBADENGINE\nnpm error engine Unsupported engine\nnpm error engine Not compatible with your version of node/npm: x@1.0.0\nnpm error notsup Required: {"node":">=99"}',
      /engine-strict is on/,
      'node --version',
    ],
    [
      'pnpm',
      ' ERR_PNPM_UNSUPPORTED_ENGINE  Unsupported environment (bad pnpm and/or Node.js version)',
      /engine-strict is on/,
      'node --version',
    ],
    [
      'npm',
      'npm error code ETARGET\nnpm error notarget No matching version found for @types/node@^20.19.43 with a date before 10/22/2025, 10:36:08 PM.',
      /younger than your settings allow/,
      'npm install --min-release-age=0',
    ],
    [
      'npm',
      'npm error code E401\nnpm error Incorrect or missing password.',
      /who you are/,
      'npm login',
    ],
    [
      'npm',
      'npm error code ENOTFOUND\nnpm error network request to https://registry.example/x failed, reason: getaddrinfo ENOTFOUND registry.example',
      /cannot be reached/,
      'npm config get registry proxy https-proxy',
    ],
    [
      'yarn',
      'error This project\'s package.json defines "packageManager": "yarn@4.18.1". However the current global version of Yarn is 1.22.22.',
      /not the one that package\.json names/,
      'npm install --global corepack',
    ],
    [
      'npm',
      'npm error code 3\nnpm error path /x\nnpm error command failed\nnpm error command sh -c exit 3',
      /a script of a package has failed/,
      'npm install --ignore-scripts',
    ],
    [
      'npm',
      'npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree',
      /exclude each other/,
      'npm install --legacy-peer-deps',
    ],
  ] as const) {
    it(`of ${name} by ${stderr.split('\n')[0]} has advice of its own`, () => {
      const failure = failureOf(name, 'failed', stderr);
      assert.match(failure.reason, reason);
      const [command] = failure.remedy[0] ?? [];
      assert.equal(command, first);
      assert.notEqual(command, `${name} install`);
    });
  }

  for (const [name, stderr, reason] of [
    [
      'npm',
      'npm error code EWHATEVER\nnpm error path /x\nnpm error Cannot read properties of null.\nnpm error A complete log of this run can be found in: /home/me/my logs/1-debug-0.log\n',
      'with "Cannot read properties of null", and its log is /home/me/my logs/1-debug-0.log',
    ],
    [
      'npm',
      'npm ERR! code EWHATEVER\nnpm ERR! no luck\n\nnpm ERR! A complete log of this run can be found in:\nnpm ERR!     /home/me/1-debug.log\n',
      'with "no luck", and its log is /home/me/1-debug.log',
    ],
    ['npm', 'npm error code EWHATEVER', 'for what it has said above'],
    ['pnpm', '', 'for what it has said above'],
    ['yarn', 'error no luck', 'with "error no luck"'],
  ] as const) {
    it(`of ${name} by something else says so, and never to do the same again: ${reason}`, () => {
      const failure = failureOf(name, 'failed', stderr);
      assert.equal(failure.reason, reason);
      assert.ok(failure.remedy.length > 0);
      assert.ok(failure.remedy.every(([command]) => command !== `${name} install`));
    });
  }

  for (const [name, first] of [
    ['npm', 'node -p process.execPath'],
    ['pnpm', 'npm install --global pnpm'],
    ['yarn', 'npm install --global corepack'],
  ] as const) {
    it(`for want of ${name} begins with that`, () =>
      assert.equal(failureOf(name, 'missing', '').remedy[0]?.[0], first));
  }
});
