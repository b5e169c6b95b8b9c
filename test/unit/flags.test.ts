import assert from 'node:assert/strict';
import { readFlags } from '../../generators/core/flags.js';

/** As on a command line: what is in the options was typed. */
function read(options: Record<string, unknown>, positionals: string[] = []) {
  const argv = Object.keys(options).map((key) => (key.length > 1 ? `--${key}` : `-${key}`));
  const { given, on } = readFlags('app', options, positionals, argv);
  return { given, on: [...on] };
}

describe('flags', () => {
  it('checks what it reads', () => {
    assert.deepEqual(read({ name: 'timer', license: 'mit', 'function-name': 'Hello' }), {
      given: { name: 'azfunc-extension-timer', license: 'MIT', functionName: 'Hello' },
      on: [],
    });
    assert.throws(() => read({ name: 'My Timer' }), /npm package name/);
    assert.throws(() => read({ scope: 'both' }), /app or function/);
  });

  it('takes camel case, as Yeoman passes it on', () => {
    const { given, on } = readFlags('app', { functionName: 'Hello', skipInstall: true }, [], []);
    assert.deepEqual(given, { functionName: 'Hello' });
    assert.deepEqual([...on], ['skip-install']);
  });

  it('takes switches, their short forms and their negation', () => {
    assert.deepEqual(read({ y: true, f: true, git: false, 'function-app': false }), {
      given: { functionApp: false, git: false },
      on: ['yes', 'force'],
    });
  });

  it('takes the one positional as the destination', () => {
    assert.equal(read({}, ['out']).given.destination, 'out');
    assert.throws(() => read({}, ['a', 'b']), /only one destination: a, b/);
  });

  it('finds the destination behind a switch, where yo takes it for its value', () => {
    assert.deepEqual(read({ yes: true, y: 'out' }), { given: { destination: 'out' }, on: ['yes'] });
    assert.deepEqual(read({ yes: 'out', y: 'out' }), {
      given: { destination: 'out' },
      on: ['yes'],
    });
    assert.deepEqual(read({ git: 'out' }), { given: { git: true, destination: 'out' }, on: [] });
    assert.deepEqual(read({ yes: 'false' }), { given: {}, on: [] });
  });

  it('refuses a flag without its value, or with two', () => {
    assert.throws(
      () => read({ description: true }),
      /--description needs a value: --description <text>/,
    );
    assert.throws(() => read({ description: '--yes' }), /--description needs a value/);
    assert.throws(() => read({ name: ['a', 'b'] }), /--name is given more than once/);
  });

  it('refuses unknown flags by name, with the nearest known one', () => {
    assert.throws(() => read({ nmae: 'timer' }), /no option --nmae\. Did you mean --name\?/);
    assert.throws(() => read({ colour: 'red' }), /no option --colour\. See --help\./);
    assert.throws(() => read({ q: true }), /no option -q\. See --help\./);
    assert.throws(() => readFlags('app', { y: true, x: true }, [], ['-yx']), /no option -x\./);
    assert.throws(
      () => readFlags('app', { install: false }, [], ['--no-install']),
      /no option --no-install\. Did you mean --skip-install\?/,
    );
    assert.throws(
      () => readFlags('extension', { 'function-name': 'a' }, [], ['--function-name=a']),
      /no option/,
    );
  });

  it('refuses a value for a switch, and takes a value that begins with a dash after =', () => {
    assert.throws(
      () => readFlags('app', { 'dry-run': '1' }, [], ['--dry-run=1']),
      /--dry-run takes no value/,
    );
    const { given } = readFlags('app', { author: '-Ada' }, [], ['--author=-Ada']);
    assert.equal(given.author, '-Ada');
    assert.deepEqual([...readFlags('app', { force: 'false' }, [], ['--force=false']).on], []);
  });

  it('refuses a destination that is no folder', () => {
    for (const destination of ['', ' ', 'a\nb', ':extension']) {
      assert.throws(() => read({}, [destination]), /is not a folder/);
    }
  });

  it('leaves alone what Yeoman adds to the options', () => {
    assert.deepEqual(
      readFlags('app', { sharedData: {}, resolved: 'x' }, [], ['node', 'yo']).given,
      {},
    );
    assert.deepEqual(read({ 'skip-cache': true }).given, {});
  });
});
