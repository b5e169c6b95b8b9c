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

  it('by something else leaves it to what was printed', () => {
    assert.deepEqual(failureOf('npm', 'failed', 'npm error code EWHATEVER'), {
      reason: 'see above',
      remedy: [],
    });
  });

  for (const [name, first] of [
    ['pnpm', 'npm install --global pnpm'],
    ['yarn', 'npm install --global corepack'],
  ] as const) {
    it(`for want of ${name} begins with that`, () =>
      assert.equal(failureOf(name, 'missing', '').remedy[0]?.[0], first));
  }
});
