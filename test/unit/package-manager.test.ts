import assert from 'node:assert/strict';
import { commandsOf, packageManagerIn } from '../../generators/languages/package-manager.js';

describe('package manager', () => {
  for (const [userAgent, name] of [
    ['npm/11.0.0 node/v22.0.0 linux x64 workspaces/false', 'npm'],
    ['pnpm/10.1.0 npm/? node/v22.0.0 linux x64', 'pnpm'],
    ['yarn/1.22.22 npm/? node/v22.0.0 linux x64', 'yarn'],
    ['bun/1.2.0 npm/? node/v22.0.0 linux x64', 'npm'],
    [undefined, 'npm'],
  ] as const) {
    it(`is ${name} for ${userAgent}`, () => assert.equal(packageManagerIn(userAgent), name));
  }

  it('passes arguments on in its own way', () => {
    assert.equal(commandsOf('npm').run('start', '--port 1'), 'npm start -- --port 1');
    assert.equal(commandsOf('pnpm').run('dev', '--port 1'), 'pnpm run dev --port 1');
    assert.equal(commandsOf('yarn').run('test'), 'yarn test');
  });
});
