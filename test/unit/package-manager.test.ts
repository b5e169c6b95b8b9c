import assert from 'node:assert/strict';
import { commandsOf, packageManagers } from '../../generators/languages/package-manager.js';
import { pythonPackageManagers } from '../../generators/languages/python-package-manager.js';

describe('package manager', () => {
  for (const [userAgent, name] of [
    ['npm/11.0.0 node/v22.0.0 linux x64 workspaces/false', 'npm'],
    ['pnpm/10.1.0 npm/? node/v22.0.0 linux x64', 'pnpm'],
    ['yarn/1.22.22 npm/? node/v22.0.0 linux x64', 'yarn'],
    ['bun/1.2.0 npm/? node/v22.0.0 linux x64', undefined],
    [undefined, undefined],
  ] as const) {
    it(`is ${name} for ${userAgent}`, () =>
      assert.equal(packageManagers.startedIn({ npm_config_user_agent: userAgent }), name));
  }

  it('of Python is uv for what uv runs', () => {
    assert.equal(pythonPackageManagers.startedIn({ UV: '/usr/bin/uv' }), 'uv');
    assert.equal(pythonPackageManagers.startedIn({}), undefined);
  });

  for (const [text, name] of [
    ['[project]\nname = "a"\n\n[tool.uv]\n', 'uv'],
    ['[tool.uv.sources]\n', 'uv'],
    ['[[tool.uv.index]]\n', 'uv'],
    ['# [tool.uv]\n[tool.uvicorn]\n', undefined],
  ] as const) {
    it(`of Python is ${name} by ${JSON.stringify(text)}`, () =>
      assert.equal(pythonPackageManagers.namedIn(text), name));
  }

  it('passes arguments on in its own way', () => {
    assert.equal(commandsOf('npm').run('start', '--port 1'), 'npm start -- --port 1');
    assert.equal(commandsOf('pnpm').run('dev', '--port 1'), 'pnpm run dev --port 1');
    assert.equal(commandsOf('yarn').run('test'), 'yarn test');
  });
});
