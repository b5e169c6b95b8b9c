import assert from 'node:assert/strict';
import { readFlags } from '../../generators/questions/flags.js';
import type { CommandId } from '../../generators/questions/question.js';
import { templates } from '../support/decided.js';

/** What a command line says: the answers with the destination, and the switches that are on. */
async function flags(
  command: CommandId,
  options: Record<string, unknown>,
  positionals: string[],
  argv: string[],
) {
  const typed = { command, options, positionals, argv };
  const { answers, destination, switches } = await readFlags(typed, templates);
  return {
    given: { ...answers, ...(destination !== undefined && { destination }) },
    on: Object.entries(switches).flatMap(([name, isOn]) => (isOn ? [name] : [])),
  };
}

/** As on a command line: what is in the options was typed. */
function read(options: Record<string, unknown>, positionals: string[] = []) {
  const argv = Object.keys(options).map((key) => (key.length > 1 ? `--${key}` : `-${key}`));
  return flags('app', options, positionals, argv);
}

describe('flags', () => {
  it('checks what it reads', async () => {
    assert.deepEqual(await read({ name: 'timer', license: 'mit', 'function-name': 'Hello' }), {
      given: { name: 'azfunc-extension-timer', license: 'MIT', functionName: 'Hello' },
      on: [],
    });
    await assert.rejects(read({ name: 'tim/er' }), /npm package name/);
    await assert.rejects(read({ scope: 'both' }), /app or function/);
  });

  it('takes camel case, as Yeoman passes it on', async () => {
    const { given, on } = await flags('app', { functionName: 'Hello', skipInstall: true }, [], []);
    assert.deepEqual(given, { functionName: 'Hello' });
    assert.deepEqual(on, ['skipInstall']);
  });

  it('takes switches, their short forms and their negation', async () => {
    assert.deepEqual(await read({ y: true, f: true, git: false, 'function-app': false }), {
      given: { functionApp: false, git: false },
      on: ['yes', 'force'],
    });
  });

  it('takes the one positional as the destination', async () => {
    assert.equal((await read({}, ['out'])).given.destination, 'out');
    await assert.rejects(read({}, ['a', 'b']), /only one destination: a, b/);
  });

  it('finds the destination behind a switch, where yo takes it for its value', async () => {
    assert.deepEqual(await read({ yes: true, y: 'out' }), {
      given: { destination: 'out' },
      on: ['yes'],
    });
    assert.deepEqual(await read({ yes: 'out', y: 'out' }), {
      given: { destination: 'out' },
      on: ['yes'],
    });
    assert.deepEqual(await read({ git: 'out' }), {
      given: { git: true, destination: 'out' },
      on: [],
    });
    assert.deepEqual(await read({ yes: 'false' }), { given: {}, on: [] });
  });

  it('refuses a flag without its value, or with two', async () => {
    await assert.rejects(
      read({ description: true }),
      /--description needs a value: --description <text>/,
    );
    await assert.rejects(read({ description: '--yes' }), /--description needs a value/);
    await assert.rejects(read({ name: ['a', 'b'] }), /--name is given more than once/);
  });

  it('refuses unknown flags by name, with the nearest known one', async () => {
    await assert.rejects(read({ nmae: 'timer' }), /no option --nmae\. Did you mean --name\?/);
    await assert.rejects(read({ colour: 'red' }), /no option --colour\. See --help\./);
    await assert.rejects(read({ q: true }), /no option -q\. See --help\./);
    await assert.rejects(flags('app', { y: true, x: true }, [], ['-yx']), /no option -x\./);
    await assert.rejects(
      flags('app', { install: false }, [], ['--no-install']),
      /no option --no-install\. Did you mean --skip-install\?/,
    );
    await assert.rejects(
      flags('extension', { 'function-name': 'a' }, [], ['--function-name=a']),
      /no option/,
    );
  });

  it('refuses a value for a switch, and takes a value that begins with a dash after =', async () => {
    await assert.rejects(
      flags('app', { 'dry-run': '1' }, [], ['--dry-run=1']),
      /--dry-run takes no value/,
    );
    const { given } = await flags('app', { author: '-Ada' }, [], ['--author=-Ada']);
    assert.equal((given as { author?: string }).author, '-Ada');
    assert.deepEqual((await flags('app', { force: 'false' }, [], ['--force=false'])).on, []);
  });

  it('refuses a destination that is no folder', async () => {
    for (const destination of ['', ' ', 'a\nb', ':extension']) {
      await assert.rejects(read({}, [destination]), /is not a folder/);
    }
  });

  it('leaves alone what Yeoman adds to the options', async () => {
    assert.deepEqual(
      (await flags('app', { sharedData: {}, resolved: 'x' }, [], ['node', 'yo'])).given,
      {},
    );
    assert.deepEqual((await read({ 'skip-cache': true })).given, {});
  });
});
