import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import inquirer from 'inquirer';
import { Watch } from '../../tools/support/watch.js';
import { decide } from '../../generators/questions/decide.js';
import { systemWith, templates, typedAs } from '../support/decided.js';
import { newFolder } from '../../tools/support/folders.js';

/** The questions in the real inquirer, on streams in place of a terminal. */
async function ask(
  keys: string[],
  options: Record<string, unknown> = {},
): Promise<{ answers: Record<string, unknown>; screen: string }> {
  const input = new PassThrough();
  const output = new PassThrough();
  // inquirer ends it after each question.
  output.end = () => output;
  const watch = new Watch();
  let screen = '';
  output.on('data', (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString());
    watch.changed();
  });
  const prompt = inquirer.createPromptModule({ input, output, skipTTYChecks: true } as never);
  const git = { 'user.name': 'Ada', 'user.email': 'ada@example.com' };
  const system = systemWith(git, newFolder(), prompt as never);
  const answering = decide(typedAs('app', options), system, templates).then(({ decision }) => {
    const {
      destination: _,
      language: __,
      packageManager: ___,
      ...answers
    } = decision as never as Record<string, unknown>;
    return answers;
  });
  void answering.finally(() => watch.ended());
  const shows = (pattern: RegExp, from: number) =>
    watch.until(
      () => pattern.test(screen.slice(from)) || undefined,
      () => `${pattern} is not shown:\n${screen}`,
    );
  await shows(/\? /, 0);
  for (const [index, key] of keys.entries()) {
    const before = screen.length;
    input.write(key);
    if (index < keys.length - 1) {
      // After Enter there is the next question, or the same one with a reason.
      await shows(key === ENTER ? /✔[^]*\n\? |\n> / : /[^]/, before);
    }
  }
  return { answers: await answering, screen };
}

const ENTER = '\r';
const DOWN = '\u001B[B';

describe('prompts', () => {
  it('take the defaults with Enter', async () => {
    const { answers, screen } = await ask(Array.from({ length: 5 }, () => ENTER));
    assert.deepEqual(answers, {
      template: 'timer',
      weeklyUpdate: false,
      scope: 'app',
      name: 'azfunc-extension-timer',
      description:
        'Azure Functions worker extension that reports the elapsed time of each invocation',
      author: 'Ada',
      email: 'ada@example.com',
      license: 'MIT',
      repository: '',
      functionsRange: '^4.1.0',
      functionApp: true,
      functionName: 'HttpTrigger',
      ci: 'none',
      git: true,
    });
    assert.match(screen, /application level: acts on every function of an app/);
    assert.match(screen, /guard: refuses unauthorized HTTP requests/);
    assert.match(screen, /Name \(azfunc-extension-timer\)/);
    assert.match(screen, /Change any of these\? \(y\/N\)/);
  });

  it('show what a name becomes, and ask for what is to be changed', async () => {
    const { answers, screen } = await ask([
      ENTER,
      ENTER,
      'My HTTPTimer',
      ENTER,
      ENTER,
      'y',
      ENTER,
      DOWN,
      ' ',
      ENTER,
      ENTER,
    ]);
    assert.match(screen, /Name My HTTPTimer \(azfunc-extension-my-http-timer\)/);
    assert.match(screen, /✔ Which ones\? author/);
    assert.match(screen, /\? Author \(Ada\)/);
    assert.equal(answers.name, 'azfunc-extension-my-http-timer');
    assert.equal(answers.author, 'Ada');
  });

  it('say why an answer is refused, and let it be mended', async () => {
    const { answers, screen } = await ask(
      [
        ENTER,
        DOWN,
        ENTER,
        'tim/er',
        ENTER,
        '\u0015', // Ctrl+U
        'audit',
        ...Array.from({ length: 7 }, () => ENTER),
        'n', // no function app, so its name is not asked
        ENTER,
        ENTER,
        ENTER,
      ],
      { 'ask-all': true },
    );
    assert.equal(answers.scope, 'function');
    assert.equal(answers.name, 'azfunc-extension-audit');
    assert.equal(answers.functionApp, false);
    assert.doesNotMatch(screen, /Name of its HTTP function/);
    assert.match(screen, /"tim\/er" does not make an npm package name/);
  });
});
